"""The same numbers from a page, a file and the command line, compared to the last bit."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from analysis.__main__ import main
from data_access.labels import Labels
from data_access.metric_kinds import Rate
from data_access.metrics import Metric
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column
from pages.words.format import spaced
from pages.words.methods import presentation_of
from tests.pages.conftest import MODEL

EN = Catalogue.load("en")
OF_CONTACTS = EN.about(Metric("resolved", "resolved", Labels("resolved"), Rate()))
OCTOBER = {"from": "2026-10-01", "to": "2026-11-01"}
SEPTEMBER = {"baseline-from": "2026-09-01", "baseline-to": "2026-10-01"}
TOTAL = {  # the statistic under each column of a table that closes with a total
    "change": {"n0": "baseline_n", "n1": "n", "score0": "baseline_score", "score1": "score", "total_effect": "change",
               "difference": "change", "rate_effect": "rate_effect", "mix_effect": "mix_effect", "low": "low",
               "high": "high", "p": "p"},
}  # fmt: skip


def asked(sample: Path, method: str, options: Mapping[str, str]) -> dict[str, Any]:
    """The same question on the command line."""
    given = {**OCTOBER, **SEPTEMBER, **options}
    words = [part for name, value in given.items() for part in (f"--{name}", value)]
    said = io.StringIO()
    with redirect_stdout(said):
        assert main([method, "--source", f"duckdb:///{sample}", "--model", str(MODEL), *words]) == 0
    answer: dict[str, Any] = json.loads(said.getvalue())
    return answer


def columns(method: str, found: pd.DataFrame) -> dict[str, Column]:
    """Titles of a table's columns and what they hold."""
    known = {}
    for column in presentation_of(method).columns:
        for title in _titles(method, column.name):
            known |= {shown: column for shown in found.columns if shown == title or shown.startswith(f"{title}, ")}
    return known


def _titles(method: str, name: str) -> set[str]:
    """What a column of a table is called, whatever is counted in it."""
    own = f"columns.{method}.{name}"
    keys = {own if EN.has(own) else f"column.{name}", f"columns.rate.{name}", f"columns.raw.{name}"}
    return {spaced(words.text(key)) for words in (EN, OF_CONTACTS) for key in keys if words.has(key)}


def same(one: Any, other: Any) -> bool:
    """Equal to the last bit; a blank is a blank."""
    if other is None or one is None or (isinstance(one, float) and math.isnan(one)):
        return other is None and (one is None or math.isnan(one))
    return float(one) == float(other)


def compare(found: pd.DataFrame, rows: Sequence[Mapping[str, Any]], method: str, *, percent: bool) -> set[str]:
    """Compare every cell of a table with the command line's; answers with the columns compared."""
    found = found.rename(columns=spaced)
    known = columns(method, found)
    closes = method in TOTAL
    assert len(found) == len(rows) + closes
    assert (found.iloc[-1, 0] == EN.text("table.total")) == closes
    for title, column in known.items():
        if column.spec == TEXT:
            continue
        times = 100 if percent and column.bar else 1
        for value, row in zip(found[title].tolist()[: len(rows)], rows, strict=True):
            wanted = row[column.name]
            assert same(value, wanted * times if wanted is not None else None), (title, row["segment"])
    return {column.name for column in known.values()}


def first_sheet(content: bytes) -> pd.DataFrame:
    """The table of a workbook, after its sheet of facts."""
    header, *lines = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1].iter_rows(values_only=True)
    return pd.DataFrame(lines, columns=list(header), dtype=object)
