"""A result as text for machines and terminals: JSON by the headless contract, CSV, or plain lines. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from analysis.result import Result, Statement
from data_access.selection import Period, Selection
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.tables import columns_of, has_total, header, name_title, segment_names, segment_of, written
from pages.words.writers.spreadsheet import neutral


def to_json(result: Result, words: Catalogue) -> str:
    """The contract's object, numbers unrounded, null where a number is withheld or undefined."""
    return json.dumps(as_contract(result, words), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_contract(result: Result, words: Catalogue) -> dict[str, Any]:
    """The answer as plain values."""
    return {
        "method": result.method,
        "metric": result.metric,
        "selection": selection_of(result.selection),
        "data_version": result.data_version,
        "statistics": plain(result.statistics),
        "table": rows_of(result),
        **_beside(result),
        "findings": [_told(s, words) for s in result.findings],
        "caveats": [_told(s, words) for s in result.caveats],
        "sql": list(result.sql),
    }


def selection_of(selection: Selection) -> dict[str, Any]:
    """A selection as plain values; periods are half-open."""
    return {
        "metric": selection.metric,
        "period": _days(selection.period),
        "baseline": _days(selection.baseline),
        "filters": {part.dimension: list(part.values) for part in selection.filters},
    }


def rows_of(result: Result) -> list[dict[str, Any]]:
    """The table as rows; `segment` is {dimension: value}, and for overview its only value is `touchpoint` too.

    Drivers and bins of one are no segments: their rows are as they stand.
    """
    if "segment" not in result.table:
        return [plain(row) for row in result.table.to_dict("records")]
    rows = []
    for row in result.table.to_dict("records"):
        segment = segment_of(result, row.pop("segment"))
        head = {"touchpoint": next(iter(segment.values()), None)} if result.method == "overview" else {}
        row |= {"alternative": dict(row["alternative"] or ()) or None} if result.method == "segments" else {}
        rows.append({**head, "segment": segment, **plain(row)})
    return rows


def _conjunctions(part: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a part of `segments`: a conjunction is {dimension: value}."""
    named = part.assign(segment=[dict(s) for s in part["segment"]]) if "segment" in part else part
    rows: list[dict[str, Any]] = plain(named.to_dict("records"))
    return rows


WITH_PARTS = ("association", "pair", "drivers")


def _beside(result: Result) -> dict[str, Any]:
    """The comparisons of a contrast, and the other tables of a result that has such under `parts`."""
    if result.method == "segments":
        return {"parts": {name: _conjunctions(part) for name, part in result.parts.items()}}
    if result.method in WITH_PARTS:
        return {"parts": {name: plain(part.to_dict("records")) for name, part in result.parts.items()}}
    if result.method != "contrast":
        return {}
    known = set(result.table["segment"])
    parts = {name: _part_rows(part, known, result.options["by"]) for name, part in result.parts.items()}
    return {"pairs": parts.pop("pairs"), "parts": parts}


def _part_rows(part: pd.DataFrame, known: set[Any], by: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a part: a side is {dimension: value}, or the code of what is no group, like "rest"."""

    def side(value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return dict(zip(by, value, strict=True)) if value in known else value[0]

    rows: list[dict[str, Any]] = plain(part.map(side).to_dict("records"))
    return rows


def _told(statement: Statement, words: Catalogue) -> dict[str, Any]:
    return {"key": statement.key, "values": plain(statement.values), "text": spaced(words.say(statement))}


def _days(period: Period | None) -> dict[str, str] | None:
    return {"from": period.start.isoformat(), "to": period.end.isoformat()} if period else None


def plain(value: Any) -> Any:
    """JSON's own types only: NaN becomes null, whole counts become integers.

    >>> plain({"n": 3.0, "p": float("nan")})
    {'n': 3, 'p': None}
    """
    if isinstance(value, Mapping):
        return {str(k): _count(v) if k in COUNTS else plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, Statement):  # a word within a sentence, by its code
        return value.key.rpartition(".")[2]
    if isinstance(value, Period):
        return _days(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


COUNTS = frozenset({"n", "n0", "n1", "n_a", "n_b", "baseline_n", "contacts", "responses", "clusters"})


def _count(value: Any) -> Any:
    found = plain(value)
    return int(found) if isinstance(found, float) and found.is_integer() else found


def to_csv(result: Result, words: Catalogue) -> str:
    """The table with the contract's column names, a column per dimension first; blanks where withheld.

    Several values in a cell, as of a step of a path, stand with "|" between them, a blank as nothing. Text that a
    spreadsheet would take for a formula is neutralised as in the page's files; JSON holds it as it is.
    """
    kept = [{name: value for name, value in row.items() if name != "touchpoint"} for row in rows_of(result)]
    held: dict[str, Any] = dict.fromkeys(result.options["by"] if result.method == "segments" else ())
    rows = [{**held, **row.pop("segment", {}), **row} for row in kept]
    frame = pd.DataFrame(rows).map(_cell)
    text = frame.rename(columns=neutral).to_csv(index=False, lineterminator="\r\n")  # a lone \r is quoted too
    return str(text).replace("\r\n", "\n")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "|".join("" if one is None else str(one) for one in value)
    return neutral(value) if isinstance(value, str) else value


def to_text(result: Result, words: Catalogue) -> str:
    """What the page says: the findings, the caveats and the table."""
    lines = [words.say(s) for s in (*result.findings, *result.caveats)]
    return spaced("\n".join([*lines, "", _aligned(result, words), ""]))


def _aligned(result: Result, words: Catalogue) -> str:
    total = [words.text("table.total")] if has_total(result) else []
    shown = {name_title(result, words): [*segment_names(result, words), *total]}
    for column in columns_of(result, "advanced"):
        shown[header(column, result, words)] = written(result, column, words)
    with pd.option_context("display.unicode.east_asian_width", True):
        return str(pd.DataFrame(shown).to_string(index=False))


WRITERS: Mapping[str, Callable[[Result, Catalogue], str]] = {"json": to_json, "csv": to_csv, "text": to_text}
