"""What somebody was shown of single persons' contacts, or took along: one line of the audit of what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data_access.selection import Filter, Selection
from data_access.semantics import SemanticModel


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Rows that were shown, or a file that was made.

    what: the method whose rows these are, or `file`. subject: what the file is about, by kind and code, never by a
    title that somebody typed. asked: metric, period and filters (see `asked_of`). count: rows shown, 0 of a file.
    number, at, who, who_id, roles and scope are written by the store.
    """

    what: str
    subject: str = ""
    dataset: str = ""
    data_version: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    count: int = 0
    number: int = 0
    at: datetime | None = None
    who: str = ""
    who_id: str = ""
    roles: Sequence[str] = ()
    scope: tuple[Filter, ...] = ()


def asked_of(model: SemanticModel, selection: Selection, path: Sequence[Filter] = ()) -> dict[str, Any]:
    """A selection without what names a person: of ids of contacts, customers and agents only how many were asked for.

    Keys: metric, period, filters (pairs of a dimension and its members, or their number), those of `path` last.
    """
    of_persons = {model.contact_id, model.customer_id, model.agent} - {None}
    filters = [
        (one.dimension, len(one.values) if model.dimension(one.dimension).column in of_persons else one.values)
        for one in (*selection.filters, *path)
    ]
    return {"metric": selection.metric, "period": selection.period, "filters": filters}
