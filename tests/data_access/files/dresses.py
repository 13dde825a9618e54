"""One table of contacts in many dresses: the same answers in other writings, layouts and formats."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

SEED, ANSWERS, DRESSES = 20251, 240, 40
TEAMS = {"Phone": 4.4, "Chat": 4.2, "Returns": 2.9, "Field service": 3.9}
ZH_TEAMS = {"Phone": "热线", "Chat": "在线", "Returns": "退货", "Field service": "上门"}


@dataclass(frozen=True)
class Contact:
    """One contact of the table, before anybody writes it down."""

    id: str
    at: datetime
    team: str
    seconds: int
    score: int


def contacts() -> list[Contact]:
    """The same table every time: teams of different satisfaction, and scores that fall with the waiting time."""
    draw = random.Random(SEED)
    made, at = [], datetime(2025, 9, 1, 8, 15)
    for i in range(ANSWERS):
        at += timedelta(minutes=draw.randint(60, 600))
        team, seconds = draw.choice(list(TEAMS)), draw.randint(20, 900)
        score = round(TEAMS[team] + draw.gauss(0, 0.9) - (seconds - 400) / 400)
        made.append(Contact(f"T{10_000 + i}", at, team, seconds, min(max(score, 1), 5)))
    return made


Cell = str | int | float | datetime
ENGLISH = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")
CHINESE = ("非常不满意", "不满意", "一般", "满意", "非常满意")
NAMED = ("Very poor", "Poor", "Fair", "Good", "Excellent")
EPOCH, DAY_ZERO = datetime(1970, 1, 1), datetime(1899, 12, 30)

SCORES: dict[str, Callable[[int], Cell]] = {
    "number": lambda s: s,
    "of five": lambda s: f"{s}/5",
    "points": lambda s: f"{s}分",
    "english words": lambda s: ENGLISH[s - 1],
    "chinese words": lambda s: CHINESE[s - 1],
    "number and word": lambda s: f"{s} - {NAMED[s - 1]}",
    "stars": lambda s: "★" * s + "☆" * (5 - s),
}
WAITS: dict[str, Callable[[int], Cell]] = {
    "seconds": lambda s: s,
    "unit": lambda s: f"{s}秒",
    "clock": lambda s: f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}",
    "minutes and seconds": lambda s: f"{s // 60}m {s % 60}s",
    "chinese": lambda s: f"{s // 60}分{s % 60}秒",
    "short clock": lambda s: f"{s // 60:02}:{s % 60:02}",
}
TIMES: dict[str, Callable[[datetime], Cell]] = {
    "iso": lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
    "chinese": lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M}",
    "half days": lambda t: (
        f"{t.year}年{t.month}月{t.day}日 {'上午' if t.hour < 12 else '下午'}{(t.hour - 1) % 12 + 1}:{t:%M}"
    ),
    "german": lambda t: f"{t:%d.%m.%Y %H:%M}",
    "american": lambda t: f"{t.month}/{t.day}/{t.year} {t:%I:%M %p}",
    "serial": lambda t: (t - DAY_ZERO) / timedelta(days=1),
    "epoch": lambda t: int((t - EPOCH).total_seconds()),
    "zulu": lambda t: f"{t:%Y-%m-%dT%H:%M:%SZ}",
}
HEADERS = {
    "en": ("Ticket ID", "Created at", "Team", "Handling time", "CSAT"),
    "zh": ("工单编号", "受理时间", "班组", "通话时长", "满意度"),
    "question": ("Case number", "Contact time", "Queue", "Wait", "How satisfied were you with our service?"),
}
LAYOUTS = ("plain", "title above", "totals below", "two header rows", "blank rows and columns")
Table = list[list[Cell | None]]


@dataclass(frozen=True)
class Dress:
    """One way of writing the table down."""

    headers: str
    score: str
    wait: str
    time: str
    layout: str
    format: str

    @property
    def names(self) -> tuple[str, ...]:
        """The headers of id, time, team, waiting time and score."""
        return HEADERS[self.headers]

    def team(self, name: str) -> str:
        """A team as this dress writes it."""
        return ZH_TEAMS[name] if self.headers == "zh" else name

    def write(self, folder: Path) -> Path:
        """The file of this dress."""
        return FORMATS[self.format](folder, self)

    @property
    def rows(self) -> Table:
        """The contacts as they are written, one list a row."""
        return [
            [
                c.id,
                TIMES[self.time](c.at),
                self.team(c.team),
                WAITS[self.wait](c.seconds),
                SCORES[self.score](c.score),
            ]
            for c in contacts()
        ]

    @property
    def sheet(self) -> Table:
        """All rows of the file as a person would lay them out."""
        rows: Table = [list(self.names), *self.rows]
        if self.layout == "title above":
            return [
                ["Service report", *4 * [None]],
                ["September 2025 to November 2025", *4 * [None]],
                5 * [None],
                *rows,
            ]
        if self.layout == "totals below":
            return [*rows, ["合计" if self.headers == "zh" else "Total", None, None, None, len(rows) - 1]]
        if self.layout == "two header rows":
            groups: list[Cell | None] = ["Contact", None, None, None, "Survey"]
            return [groups, *rows]
        if self.layout == "blank rows and columns":
            spread: Table = [[row[0], None, *row[1:]] for row in rows]
            return [*spread[:60], 6 * [None], *spread[60:], 6 * [None]]
        return rows


def _delimited(rows: Table, sign: str) -> str:
    def cell(value: Cell | None) -> str:
        text = "" if value is None else str(value)
        return f'"{text}"' if sign in text else text

    return "".join(sign.join(map(cell, row)) + "\r\n" for row in rows)


def _text(name: str, sign: str, encoding: str, start: str = "") -> Callable[[Path, Dress], Path]:
    def write(folder: Path, dress: Dress) -> Path:
        path = folder / name
        path.write_bytes((start + _delimited(dress.sheet, sign)).encode(encoding))
        return path

    return write


def _xlsx(folder: Path, dress: Dress) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in dress.sheet:
        book.active.append(row)
    book.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def _gzip(folder: Path, dress: Dress) -> Path:
    path = folder / "table.csv.gz"
    path.write_bytes(gzip.compress(_delimited(dress.sheet, ",").encode()))
    return path


def _zip(folder: Path, dress: Dress) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("table.csv", _delimited(dress.sheet, ","))
    return path


def _records(dress: Dress) -> list[dict[str, Cell | None]]:
    return [dict(zip(dress.names, row, strict=True)) for row in dress.rows]


def _json(folder: Path, dress: Dress) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps({"items": _records(dress)}, ensure_ascii=False), encoding="utf-8")
    return path


def _json_lines(folder: Path, dress: Dress) -> Path:
    path = folder / "export.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in _records(dress)), encoding="utf-8")
    return path


def _parquet(folder: Path, dress: Dress) -> Path:
    frame = pd.DataFrame(_records(dress))
    frame.to_parquet(folder / "table.parquet")
    return folder / "table.parquet"


def _spss(folder: Path, dress: Dress) -> Path:
    frame = pd.DataFrame(_records(dress)).set_axis(list("abcde"), axis=1)
    path = folder / "survey.sav"
    pyreadstat.write_sav(frame, path, column_labels=list(dress.names))
    return path


FORMATS: dict[str, Callable[[Path, Dress], Path]] = {
    "csv": _text("table.csv", ",", "utf-8"),
    "csv with a mark": _text("table.csv", ",", "utf-8-sig"),
    "csv gb18030": _text("table.csv", ",", "gb18030"),
    "tsv utf-16": _text("table.tsv", "\t", "utf-16"),
    "txt": _text("table.txt", "|", "utf-8"),
    "semicolons": _text("table.csv", ";", "utf-8"),
    "sep line": _text("table.csv", ";", "utf-8", start="sep=;\r\n"),
    "xlsx": _xlsx,
    "gz": _gzip,
    "zip": _zip,
    "json": _json,
    "jsonl": _json_lines,
    "parquet": _parquet,
    "sav": _spss,
}
NO_LAYOUT = ("json", "jsonl", "parquet", "sav", "sep line")  # formats that hold a table and nothing else


def dresses(seed: int = SEED) -> list[Dress]:
    """Forty of them: every way of writing occurs several times, together with others by chance."""
    draw = random.Random(seed)

    def often(ways: Sequence[str]) -> list[str]:
        found = [way for _ in range(DRESSES // len(ways) + 1) for way in draw.sample(list(ways), len(ways))]
        return found[:DRESSES]

    ways = (often(list(w)) for w in (HEADERS, SCORES, WAITS, TIMES, LAYOUTS, FORMATS))
    made = [Dress(*one) for one in zip(*ways, strict=True)]
    return [_possible(one) for one in made]


def _possible(dress: Dress) -> Dress:
    layout = "plain" if dress.format in NO_LAYOUT else dress.layout
    return Dress(dress.headers, dress.score, dress.wait, dress.time, layout, dress.format)
