"""What is asked of a department? One page each: the loss, the evidence, what to do by when, and where to see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data_access.metric_kinds import Unit
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.writers.effect_weeks import CHART_PX, Course, EffectWeeks
from pages.words.writers.spreadsheet import cell_text, sheet_names, write_link
from pages.words.writers.workbook import (
    A4,
    BRAND,
    INK,
    LINE,
    LINK,
    LOSS,
    PAPER,
    QUIET,
    Styles,
    make_workbook,
    row_height,
)

_WIDE, _SIZE = 81, 11  # letters in a line of what is said, and their size
_TITLE_LETTERS = 56  # of a line of the title
_MOST_LINES = 6  # of evidence, so that a problem leaves room for the next


@dataclass(frozen=True, kw_only=True)
class BriefItem:
    """A problem of the department, in the reader's words; numbers unrounded, None where unknown.

    lost_points: of the distance to the best, in `unit`; share: of everything lost, 0..1, with its interval.
    basis: why data do not show it, empty where they do. supported: whether evidence holds the cause. effect: whether
    what was asked for worked, once that was looked at; judged: the ids of those plans.
    """

    number: str
    problem: str
    unit: Unit = Unit.POINTS
    lost_points: float | None = None
    score: float | None = None
    change: float | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    basis: str = ""
    where: str = ""
    cause: str = ""
    supported: bool = False
    evidence: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    effect: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    deadline: date | None = None
    is_overdue: bool = False
    link: str = ""


@dataclass(frozen=True)
class Pictures:
    """The charts of plans whose weeks are known."""

    weeks: EffectWeeks
    known: frozenset[str]

    def insert(self, sheet: Worksheet, item: BriefItem, place: int) -> int:
        """Draws what a problem's plans came to from this row on; returns the first row below."""
        drawn = [id for id in item.judged if id in self.known]
        for row, id in enumerate(drawn, start=place):
            sheet.set_row_pixels(row, CHART_PX[1] + 8)
            sheet.insert_chart(row, 0, self.weeks.chart(id), {"x_offset": 4, "y_offset": 4})
        return place + len(drawn)


@dataclass(frozen=True, kw_only=True)
class Brief:
    """The page of one department."""

    department: str
    metric: str
    period: str
    data_version: str
    items: tuple[BriefItem, ...]


def workbook(briefs: Sequence[Brief], *, words: Catalogue, courses: Mapping[str, Course] | None = None) -> bytes:
    """An .xlsx with a sheet per department, each one page of A4. courses: the weeks of plans, which are drawn."""

    def write(book: Workbook, styles: Styles) -> None:
        names = sheet_names([brief.department for brief in briefs])
        pictures = Pictures(EffectWeeks(book, courses or {}, words), frozenset(courses or ()))
        for name, brief in zip(names, briefs, strict=True):
            _write(book.add_worksheet(name), brief, words, styles, pictures)
        if courses:
            pictures.weeks.write(styles)

    return make_workbook(words.text("brief.name"), _STYLES, write)


def text(brief: Brief, *, words: Catalogue) -> str:
    """The same page as plain text, for a message."""
    parts = [f"{_title(brief, words)}\n{_about(brief, words)}"]
    for item in brief.items:
        told = [words.text("brief.line", label=words.text(f"brief.{name}"), said=_listed(lines, "\n  "))
                for name, lines in _said(item, words)]  # fmt: skip
        parts.append("\n".join([f"{item.number}  {item.problem}", *told]).replace(" \n", "\n"))
    return spaced("\n\n".join([*parts, words.text("brief.reply_by_message")]))


_CELL: Any = {
    "text_wrap": True,
    "valign": "top",
    "font_size": _SIZE,
    "font_color": INK,
    "bottom": 1,
    "bottom_color": LINE,
}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "font_color": INK, "text_wrap": True, "valign": "top"},
    "note": {"font_size": 10, "font_color": QUIET, "text_wrap": True, "valign": "top"},
    "problem": {"bold": True, "font_size": 13, "font_color": PAPER, "bg_color": BRAND, "text_wrap": True,
                "valign": "vcenter"},
    "label": {**_CELL, "font_color": QUIET},
    "text": _CELL,
    "loss": {**_CELL, "bold": True, "font_size": 12, "font_color": LOSS},
    "basis": {**_CELL, "bold": True, "font_color": LOSS},
    "ask": {**_CELL, "bold": True},
    "deadline": {**_CELL, "bold": True},
    "link": {**_CELL, "font_color": LINK, "underline": 1},
    "head": {**_CELL, "bold": True},
    "float": {**_CELL, "num_format": "#,##0.000"},
    "count": {**_CELL, "num_format": "#,##0"},
}  # fmt: skip
Lines = Sequence[str]


def _title(brief: Brief, words: Catalogue) -> str:
    return words.text("brief.title", department=brief.department)


def _about(brief: Brief, words: Catalogue) -> str:
    version = words.text("brief.version", version=brief.data_version) if brief.data_version else ""
    return " · ".join(filter(None, [brief.metric, brief.period, version]))


def _said(item: BriefItem, words: Catalogue) -> list[tuple[str, Lines]]:
    """What a problem says, by the name of its line; lines with nothing to say are left out."""
    until = "brief.overdue" if item.is_overdue else "brief.until"
    deadline = words.text(until, deadline=item.deadline) if item.deadline else words.text("brief.no_deadline")
    lines: list[tuple[str, Lines]] = [
        ("basis", [item.basis]), ("score", [_score(item, words)]), ("loss", [_loss(item, words)]),
        ("where", [item.where]), ("cause", [_cause(item, words)]), ("evidence", _evidence(item, words)),
        ("ask", item.ask), ("deadline", [deadline]), ("effect", item.effect), ("link", [item.link]),
    ]  # fmt: skip
    said = [(name, [line for line in told if line]) for name, told in lines]
    return [(name, told) for name, told in said if told]


def _score(item: BriefItem, words: Catalogue) -> str:
    """The score, with its change where there is something to compare it with."""
    if item.score is None:
        return ""
    score = words.show(item.score, "metric", unit=item.unit)
    if item.change is None:
        return score
    return words.text("brief.changed", score=score, change=item.change, unit=item.unit)


def _loss(item: BriefItem, words: Catalogue) -> str:
    """Points, share, interval and answers, as far as they are known."""
    said = []
    if item.lost_points is not None:
        said.append(words.show(item.lost_points, "metric_size", unit=item.unit))
    if item.share is not None:
        known = item.low is not None and item.high is not None
        said.append(words.text("brief.share_between" if known else "brief.share", share=item.share, low=item.low,
                               high=item.high))  # fmt: skip
    if said and item.n is not None:
        said.append(words.text("brief.answers", n=item.n))
    return " · ".join(said)


def _cause(item: BriefItem, words: Catalogue) -> str:
    if not item.cause:
        return ""
    return words.text("brief.supported" if item.supported else "brief.assumed", cause=item.cause)


def _evidence(item: BriefItem, words: Catalogue) -> Lines:
    if len(item.evidence) <= _MOST_LINES:
        return item.evidence
    more = words.text("form.more", k=len(item.evidence) - _MOST_LINES + 1)
    return [*item.evidence[: _MOST_LINES - 1], more]


def _listed(lines: Lines, before: str) -> str:
    """Several things as a list, one as it stands."""
    return lines[0] if len(lines) == 1 else "".join(f"{before}• {line}" for line in lines)


def _write(sheet: Worksheet, brief: Brief, words: Catalogue, styles: Styles, pictures: Pictures) -> None:
    sheet.set_column(0, 0, 17)
    sheet.set_column(1, 1, _WIDE)
    title = cell_text(_title(brief, words))
    sheet.merge_range(0, 0, 0, 1, title, styles["title"])
    sheet.set_row(0, 26 * -(-len(title.encode("gbk", "replace")) // _TITLE_LETTERS))  # merged cells do not grow
    sheet.merge_range(1, 0, 1, 1, cell_text(spaced(_about(brief, words))), styles["note"])
    place = 3
    for item in brief.items:
        place = pictures.insert(sheet, item, _write_item(sheet, item, place, words, styles)) + 1
    for line in ("reply", "signed"):
        sheet.merge_range(place, 0, place, 1, words.text(f"brief.{line}"), styles["note"])
        place += 1
    _set_paper(sheet, place - 1)


def _write_item(sheet: Worksheet, item: BriefItem, place: int, words: Catalogue, styles: Styles) -> int:
    """Writes a problem from this row on; returns the first row below it."""
    sheet.write_string(place, 0, cell_text(item.number), styles["problem"])
    sheet.write_string(place, 1, cell_text(spaced(item.problem)), styles["problem"])
    sheet.set_row(place, row_height([(item.problem, _WIDE)], _SIZE + 2))
    said = _said(item, words)
    for row, (name, lines) in enumerate(said, start=place + 1):
        sheet.write_string(row, 0, words.text(f"brief.{name}"), styles["label"])
        content = _listed(lines, "\n").lstrip("\n")
        if name == "link":
            write_link(sheet, row, 1, content, styles["link"])
        else:
            sheet.write_string(row, 1, cell_text(spaced(content)), styles.get(name, styles["text"]))
        sheet.set_row(row, row_height([(content, _WIDE)], _SIZE))
    return place + 1 + len(said)


def _set_paper(sheet: Worksheet, last: int) -> None:
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.6)
    sheet.print_area(0, 0, last, 1)
    sheet.fit_to_pages(1, 1)
