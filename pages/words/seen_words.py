"""The audit of what was seen, as a table in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from data_access.workshop.seen_records import Seen
from pages.words.catalogue import Catalogue

COLUMNS = ("at", "who", "roles", "scope", "what", "about", "count", "dataset", "data_version")
SUBJECTS = frozenset({"issue", "meeting", "round", "plans", "briefs", "traces"})


def table(lines: Iterable[Seen], plain: Catalogue) -> pd.DataFrame:
    """A row for each line, times in UTC; the columns by their names in words."""
    rows = [_row(line, plain) for line in lines]
    return pd.DataFrame(rows, columns=[plain.text(f"seen.column.{name}") for name in COLUMNS])


def _row(line: Seen, plain: Catalogue) -> tuple[Any, ...]:
    who = f"{line.who} ({line.who_id})" if line.who != line.who_id else line.who
    roles = ", ".join(plain.text(f"seen.role.{role}") for role in line.roles)
    scope = _filters([(one.dimension, one.values) for one in line.scope], plain) or plain.text("seen.everything")
    at = f"{line.at:%Y-%m-%d %H:%M:%S}" if line.at else ""
    return at, who, roles, scope, _what(line, plain), _about(line, plain), line.count, line.dataset, line.data_version


def _what(line: Seen, plain: Catalogue) -> str:
    if line.what != "file":
        known = f"seen.what.{line.what}"
        return plain.text(known if plain.has(known) else f"page.{line.what}")
    kind, *subject = line.subject.split()
    said = [plain.text(f"seen.subject.{word}") if word in SUBJECTS else word for word in subject]
    return plain.text("seen.what.file", kind=kind, subject=" ".join(said)).strip()


def _about(line: Seen, plain: Catalogue) -> str:
    """The selection: metric, period, filters, and which rows of it."""
    asked: Mapping[str, Any] = line.asked
    parts = [plain.text(f"page.{asked['method']}")] if asked.get("method") else []
    parts += [plain.show({"dimension": asked["metric"]}, "name")] if asked.get("metric") else []
    parts += [plain.show(asked["period"], "period")] if asked.get("period") else []
    parts += [_filters(asked["filters"], plain)] if asked.get("filters") else []
    parts += [plain.text(f"seen.which.{name}", value=asked[name]) for name in ("page", "contact") if name in asked]
    return " · ".join(parts)


def _filters(filters: Sequence[tuple[str, Any]], plain: Catalogue) -> str:
    return "; ".join(
        f"{plain.show({'dimension': name}, 'name')} = {_values(name, of, plain)}" for name, of in filters
    )


def _values(dimension: str, values: Any, plain: Catalogue) -> str:
    if isinstance(values, int):
        return plain.text("seen.persons", count=values)
    return ", ".join(plain.show(value, "name", dimension=dimension) for value in values)
