"""How does the table of issues look on paper? One wide sheet, a row each, and a sheet that says from which data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pages.explain.trace.form_columns import COLUMNS, Column, FormPlan, FormRow, FormStep, FormWhy, Lines
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.writers.effect_weeks import Course, EffectWeeks
from pages.words.writers.spreadsheet import cell_text, sheet_names, write_link
from pages.words.writers.workbook import (
    A3,
    BRAND,
    INK,
    LINE,
    LINK,
    LOSS,
    PALE,
    PAPER,
    QUIET,
    Styles,
    lines_of,
    make_workbook,
    row_height,
    set_paper,
)

__all__ = ["FormPlan", "FormRow", "FormStep", "FormWhy", "workbook"]

_MOST_LINES = 26  # of a cell: a row of a sheet can be no higher
_HEAD = 2  # rows above the names of the stages and of the columns


def workbook(
    rows: Sequence[FormRow], *, words: Catalogue, title: str, facts: Mapping[str, str] | None = None,
    courses: Mapping[str, Course] | None = None,
) -> bytes:  # fmt: skip
    """An .xlsx to print: the form on A3 across, its header on every page, and a sheet with the data behind each row.

    facts: what more that sheet says first, such as the review's selection and link. courses: the weeks of plans that
    have a verdict, each drawn.
    """

    def write(book: Workbook, styles: Styles) -> None:
        form, data, plans = sheet_names(
            [words.text(f"form.{name}") for name in ("sheet", "data_sheet", "plan_sheet")]
        )
        _write_form(book.add_worksheet(form), rows, words, title, styles)
        _write_data(book.add_worksheet(data), rows, words, facts or {}, styles)
        if any(row.plans for row in rows):
            _write_plans(book.add_worksheet(plans), rows, words, styles)
        if courses:
            EffectWeeks(book, courses, words).write(styles, drawn=True)

    return make_workbook(title, _STYLES, write)


_SIZE = 10  # of letters
_BOX: Mapping[str, Any] = {"border": 1, "border_color": LINE, "valign": "top", "text_wrap": True, "font_size": _SIZE}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "font_color": INK},
    "note": {"font_size": 10, "font_color": QUIET},
    "stage": {"bold": True, "font_size": 12, "font_color": PAPER, "bg_color": BRAND, "align": "center",
              "valign": "vcenter", "border": 1, "border_color": PAPER},
    "head": {**_BOX, "bold": True, "bg_color": PALE, "font_color": INK, "valign": "vcenter", "align": "center"},
    "text": _BOX,
    "strong": {**_BOX, "bold": True},
    "marked": {**_BOX, "bold": True, "font_color": LOSS, "bg_color": "#FDF1E7"},
    "name": {"bold": True, "valign": "top", "font_size": 10},
    "fact": {"text_wrap": True, "valign": "top", "font_size": 10},
    "count": {**_BOX, "num_format": "#,##0"},
    "float": {**_BOX, "num_format": "#,##0.000"},
    "link": {**_BOX, "font_color": LINK, "underline": 1},
}  # fmt: skip


def _write_form(sheet: Worksheet, rows: Sequence[FormRow], words: Catalogue, title: str, styles: Styles) -> None:
    last = len(COLUMNS) - 1
    sheet.write_string(0, 0, cell_text(title), styles["title"])
    sheet.write_string(1, 0, cell_text(spaced(words.text("form.count", count=len(rows)))), styles["note"])
    _write_heads(sheet, words, styles)
    for place, row in enumerate(rows, start=_HEAD + 2):
        texts = [_cell(about.said(row, words), about.wide, words) for about in COLUMNS]
        for column, (about, text) in enumerate(zip(COLUMNS, texts, strict=True)):
            style = styles["marked" if about.name == "problem" and row.basis else _style(about)]
            sheet.write_string(place, column, text, style)
        widths = [about.wide for about in COLUMNS]
        sheet.set_row(place, row_height(zip(texts, widths, strict=True), _SIZE))
    end = _HEAD + 2 + len(rows)
    sheet.write_string(end + 1, 0, cell_text(words.text("form.signed")), styles["note"])
    _set_paper(sheet, title)
    sheet.freeze_panes(_HEAD + 2, 2)
    sheet.print_area(0, 0, end + 1, last)


def _style(column: Column) -> str:
    return "strong" if column.name in ("number", "problem") else "text"


def _write_heads(sheet: Worksheet, words: Catalogue, styles: Styles) -> None:
    """The four steps of an issue over the columns that belong to them."""
    first = 0
    for stage, group in groupby(COLUMNS, key=lambda column: column.stage):
        columns = list(group)
        last, said = first + len(columns) - 1, words.text(f"workshop.stage.{stage}") if stage else ""
        if len(columns) > 1:
            sheet.merge_range(_HEAD, first, _HEAD, last, said, styles["stage"])
        else:
            sheet.write_string(_HEAD, first, said, styles["stage"])
        for place, column in enumerate(columns, start=first):
            sheet.write_string(_HEAD + 1, place, words.text(f"form.column.{column.name}"), styles["head"])
            sheet.set_column(place, place, column.wide)
        first = last + 1
    sheet.set_row(0, 30)
    sheet.set_row(_HEAD, 24)
    sheet.set_row(_HEAD + 1, 22)


def _set_paper(sheet: Worksheet, title: str) -> None:
    sheet.hide_gridlines(2)
    set_paper(sheet, A3, footer=title)
    sheet.repeat_rows(_HEAD, _HEAD + 1)


def _cell(lines: Lines, wide: int, words: Catalogue) -> str:
    """The lines that a row can hold, and how many more there are."""
    lines = [spaced(line) for line in lines if line.strip()]
    room, kept = _MOST_LINES, 0
    for line in lines:
        room -= lines_of(line, wide)
        if room < 0 and kept:
            break
        kept += 1
    more = [words.text("form.more", k=len(lines) - kept)] if kept < len(lines) else []
    return cell_text("\n".join([*(_within(line, wide) for line in lines[:kept]), *more]))


def _within(line: str, wide: int) -> str:
    """A line that alone would not fit into the highest row, as far as it does."""
    if lines_of(line, wide) <= _MOST_LINES:
        return line
    while lines_of(line, wide) >= _MOST_LINES:
        line = line[: -max(1, wide // 2)]
    return line + "…"


_FACTS: tuple[tuple[str, int, str], ...] = (
    ("number", 12, "strong"), ("metric", 28, "text"), ("period", 30, "text"), ("filters", 44, "text"),
    ("n", 10, "count"), ("score", 12, "float"), ("change", 12, "float"), ("low", 12, "float"),
    ("high", 12, "float"), ("lost_points", 12, "float"), ("kept", 14, "float"), ("kept_of_all", 14, "float"),
    ("data_version", 22, "text"), ("link", 50, "link"),
)  # fmt: skip


def _write_data(
    sheet: Worksheet, rows: Sequence[FormRow], words: Catalogue, facts: Mapping[str, str], styles: Styles
) -> None:
    """Filters and data version of each row, its numbers unrounded."""
    for place, (name, value) in enumerate(facts.items()):
        sheet.write_string(place, 0, cell_text(name), styles["name"])
        sheet.write_string(place, 1, cell_text(spaced(value)), styles["fact"])
    head = len(facts) + 1 if facts else 0
    for column, (name, wide, _) in enumerate(_FACTS):
        sheet.write_string(head, column, words.text(f"form.fact.{name}"), styles["head"])
        sheet.set_column(column, column, wide)
    for place, row in enumerate(rows, start=head + 1):
        for column, (name, _, style) in enumerate(_FACTS):
            write = write_link if name == "link" else _write_fact
            write(sheet, place, column, getattr(row, name), styles[style])
        sheet.set_row(place, row_height(_texts(row), _SIZE))
    sheet.freeze_panes(head + 1, 1)
    set_paper(sheet, A3, head=head)


_OF_PLANS: tuple[tuple[str, int, str], ...] = (
    ("number", 12, "strong"), ("action", 44, "text"), ("owner", 28, "text"), ("due", 14, "text"),
    ("state", 14, "text"), ("promised", 14, "float"), ("gain", 14, "float"), ("gain_low", 12, "float"),
    ("gain_high", 12, "float"), ("verdict", 34, "text"), ("data_version", 22, "text"),
)  # fmt: skip


def _write_plans(sheet: Worksheet, rows: Sequence[FormRow], words: Catalogue, styles: Styles) -> None:
    """A row a plan: what was promised, what was verified with its interval, and the verdict; unrounded."""
    for column, (name, wide, _) in enumerate(_OF_PLANS):
        sheet.write_string(0, column, words.text(f"form.fact.{name}"), styles["head"])
        sheet.set_column(column, column, wide)
    plans = [(row.number, plan) for row in rows for plan in row.plans]
    for place, (number, plan) in enumerate(plans, start=1):
        for column, (name, _, style) in enumerate(_OF_PLANS):
            value = number if name == "number" else getattr(plan, name)
            value = words.show(value, "date") if name == "due" and value else value
            _write_fact(sheet, place, column, value, styles[style])
        said = [(str(getattr(plan, name, "")), wide) for name, wide, style in _OF_PLANS if style == "text"]
        sheet.set_row(place, row_height(said, _SIZE))
    sheet.freeze_panes(1, 2)
    set_paper(sheet, A3, head=0)


def _texts(row: FormRow) -> list[tuple[str, float]]:
    """What a row of the data sheet says in words, and how wide it stands."""
    return [(value, wide) for name, wide, _ in _FACTS if isinstance(value := getattr(row, name), str)]


def _write_fact(sheet: Worksheet, row: int, column: int, value: Any, style: Format) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, cell_text(spaced(value)), style)
    elif value is None:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_number(row, column, value, style)
