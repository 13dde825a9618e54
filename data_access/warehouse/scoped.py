"""How does a warehouse look to whom only a part of it is open? As if there were nothing else, whatever is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.sql.selectable import NamedFromClause

from data_access.selection import Filter
from data_access.semantics import SemanticModel
from data_access.warehouse.cells import text_of
from data_access.warehouse.check import named_columns
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression
from data_access.warehouse.expressions import Expressions

Members = Callable[[str], Sequence[str | None]]


def contacts(everything: Contacts, scope: Sequence[Filter]) -> Contacts:
    """The contacts that a scope lets through, under the name of their table."""
    conditions = everything.expressions.where(None, scope)
    shown = [everything.table.c[name] for name in columns(everything)]
    table = sa.select(*shown).where(*conditions).subquery(everything.model.table.rpartition(".")[2])
    expressions = Expressions(everything.model, table, everything.dialect)
    return replace(everything, table=table, expressions=expressions, whole=False)


def columns(everything: Contacts) -> list[str]:
    """Those that the model names, in the order of the table."""
    model = everything.model
    named = {column for _, column in named_columns(model)} | {model.time.extracted if model.time else None}
    return [column.name for column in everything.table.c if column.name in named]


def beside(part: Contacts, table: NamedFromClause) -> list[Expression]:
    """Conditions on a companion table: of the contacts, customers and agents it names, only those of this part."""
    if part.whole:
        return []
    known = {model_column: model_column for model_column in _identities(part) if model_column in table.c}
    if part.model.contact_id and "contact_id" in table.c:
        known.setdefault("contact_id", part.model.contact_id)
    return [
        sa.or_(
            table.c[theirs].is_(None), _text(table.c[theirs]).in_(part.select([_text(part.table.c[ours])], None, ()))
        )
        for theirs, ours in known.items()
    ]


def _identities(part: Contacts) -> list[str]:
    model = part.model
    return [column for column in (model.contact_id, model.customer_id, model.agent) if column]


def _text(column: Expression) -> Expression:
    """Tables of a warehouse may write one id as a number and as a text."""
    return sa.cast(column, sa.String)


def digest(part: Contacts) -> str:
    """Changes with any cell of these contacts and with nothing else."""
    count, sums = sa.func.count().label("contacts"), part.dialect.digest(list(part.table.c)).label("digest")
    row = part.connection.run(part.select([count, sums], None, ())).rows.iloc[0]
    return hashlib.sha256(f"{row['contacts']} {row['digest']}".encode()).hexdigest()


def occurring(table: pd.DataFrame, model: SemanticModel, members: Members) -> pd.DataFrame:
    """The rows of a companion table that name nobody, or only members that occur.

    A member stands in a column of its dimension's name, or in `value` beside its `dimension`.
    """
    kept = pd.Series(True, index=table.index)
    for names, dimension in _named(table, model):
        known = {text_of(member) for member in members(dimension)}
        kept &= names.isna() | (names == "") | names.map(text_of).isin(known)
    return table[kept].reset_index(drop=True)


def _named(table: pd.DataFrame, model: SemanticModel) -> Iterator[tuple[pd.Series, str]]:
    """Columns with the members of one dimension each, those alone that name any."""
    cuts = {*model.dimensions, *model.reasons}
    columns = [(table[name], str(name)) for name in table if name in cuts]
    if {"dimension", "value"} <= set(table):
        columns += [(table["value"].where(table["dimension"] == name), str(name))
                    for name in table["dimension"].dropna().unique() if name in cuts]  # fmt: skip
    yield from ((names, dimension) for names, dimension in columns if (names.notna() & (names != "")).any())
