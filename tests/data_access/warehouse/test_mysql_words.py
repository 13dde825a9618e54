"""MySQL cannot run here: what it would be asked is compiled, and holds no word that it does not know."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from data_access.model_file import parse_model
from data_access.selection import Period
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import dialect_of
from data_access.warehouse.expressions import Expressions
from data_access.warehouse.repeat_verbs import first_contacts, with_repeats
from data_access.warehouse.summed import cells_beside
from tests.data_access.warehouse.f2 import MODEL

UNKNOWN = ("GROUPS", "GROUPING SETS", "date_trunc", "EXTRACT(epoch", "epoch_us", "::", "strpos", "isodow")
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 15))


class Asked:
    """Keeps what is asked, and answers the extent alone."""

    dialect = dialect_of("mysql")

    def __init__(self) -> None:
        self.queries: list[str] = []

    def run(self, query: sa.Select[Any]) -> Answer:
        self.queries.append(str(query.compile(dialect=mysql.dialect())))
        names = [column.name for column in query.selected_columns]
        ends = {"contacts": 9} | {n: datetime(2026, 9 if n.endswith("_min") else 11, 1) for n in names[1:]}
        rows = [[ends[name] for name in names]] if names[0] == "contacts" else []
        return Answer(pd.DataFrame(rows, columns=names), "")


@pytest.fixture
def asked() -> tuple[Asked, Contacts]:
    columns = [sa.Column(name, sa.DATETIME) for name in ("contacted_at", "extracted_at")]
    columns += [sa.Column(name, sa.VARCHAR(20)) for name in ("customer_id", "business")]
    table = sa.Table("contacts", sa.MetaData(), *columns, sa.Column("score", sa.Integer))
    model, connection = parse_model(MODEL), Asked()
    connected: Any = connection
    return connection, Contacts(model, connected, table, Expressions(model, table, connection.dialect))


@pytest.mark.parametrize("period", [OCTOBER, None])
def test_first_contacts_and_their_metrics_are_asked_in_its_words(
    asked: tuple[Asked, Contacts], period: Period | None
) -> None:
    connection, contacts = asked
    names = ["fcr_2", "fcr_48_same", "score"]
    first_contacts(contacts, contacts.model.repeats, ["business", "week", "weekday"], period, (), same=True)
    cells_beside(with_repeats(contacts, names, period), names, period, ())
    text = "\n".join(connection.queries)
    assert len(connection.queries) == 4 and "lag(" in text and "timestampdiff(MICROSECOND" in text
    assert "RANGE BETWEEN UNBOUNDED PRECEDING AND" in text
    assert [word for word in UNKNOWN if word.lower() in text.lower()] == []
