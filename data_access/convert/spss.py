"""What does an SPSS file hold? Its cells, the question behind each variable, and words where a code has a label.

Codes of a score stay numbers: whoever reads "satisf" or a label of a question about satisfaction wants 1 to 5. A
variable becomes words only when every value that occurs has a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyreadstat

from data_access.convert.limits import LONGEST_LOOKED_AT, MOST_CELLS, MOST_COLUMNS, Refused
from data_access.convert.plain import text, write

ROWS = 100_000
SCORE = re.compile(r"satisf|rating|score|csat|nps|recommend|满意|评分|打分|得分|推荐", re.I)


def read(source: Path, folder: Path) -> dict[str, Any]:
    """The cases as CSV with the labels of the variables."""
    try:
        _, about = pyreadstat.read_sav(str(source), metadataonly=True)
        _check_size(about)
        rows, notes = write(folder / "cases.csv", _rows(source, about))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OSError) as error:
        raise Refused("file.damaged") from error
    labels = [str(label or "") for label in about.column_labels]
    sheet = {"name": "", "file": "cases.csv", "rows": rows, "columns": len(labels), "exact": True, "labels": labels}
    return {"sheets": [{**sheet, "notes": notes}]}


def _check_size(about: Any) -> None:
    if about.number_columns > MOST_COLUMNS:
        raise Refused("file.too_wide", n=about.number_columns, most=MOST_COLUMNS)
    if about.number_columns * max(about.number_rows or 0, 0) > MOST_CELLS:
        raise Refused("file.too_much")


def _rows(source: Path, about: Any) -> Iterator[list[str]]:
    words = _words(source, about)
    yield list(about.column_names)
    for frame in _frames(source):
        columns = [[_cell(v, words.get(name)) for v in frame[name].tolist()] for name in about.column_names]
        yield from map(list, zip(*columns, strict=True))


def _frames(source: Path) -> Iterator[Any]:
    start = 0
    while True:
        frame, _ = pyreadstat.read_sav(str(source), row_offset=start, row_limit=ROWS)
        if frame.empty:
            return
        yield frame
        start += len(frame)
        if len(frame) < ROWS:
            return


def _words(source: Path, about: Any) -> dict[str, dict[Any, str]]:
    """Variables whose codes are read as words, with the words."""
    titles = dict(zip(about.column_names, about.column_labels, strict=True))
    labelled = {
        name: labels
        for name, labels in about.variable_value_labels.items()
        if name in titles and not SCORE.search(f"{name} {titles[name] or ''}"[:LONGEST_LOOKED_AT])
    }
    for frame in _frames(source) if labelled else ():
        for name in list(labelled):
            if not set(frame[name].dropna().unique().tolist()) <= set(labelled[name]):
                del labelled[name]
    return labelled


def _cell(value: Any, words: dict[Any, str] | None) -> str:
    if words is not None and value == value and value in words:
        return words[value]
    return text(value.to_pydatetime() if hasattr(value, "to_pydatetime") and value == value else value)
