"""The weeks of effects as a sheet, and of each plan a chart that Excel and WPS draw and people can change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data_access.workshop.records import Look
from pages.words.catalogue import Catalogue
from pages.words.format import is_missing, spaced
from pages.words.writers.spreadsheet import cell_text, sheet_names
from pages.words.writers.workbook import A4, INK, LINE, QUIET, set_paper

TREATED, CONTROL = "#0072B2", "#7F7F7F"
HEADS = (("number", 10), ("plan", 40), ("week", 13), ("treated", 13), ("control", 13), ("n_treated", 13),
         ("n_control", 13))  # fmt: skip
CHART_PX = (680, 270)


@dataclass(frozen=True, kw_only=True)
class Week:
    """Means and answers of a week that begins on a day; None where a group has none."""

    begins: date
    treated: float | None = None
    control: float | None = None
    n_treated: int = 0
    n_control: int = 0


@dataclass(frozen=True, kw_only=True)
class Course:
    """The weeks of a plan. `number` is that of its issue; effect: its verdict in one line; start: its first day."""

    number: str
    action: str
    effect: str
    start: date
    weeks: tuple[Week, ...]


def weeks_of(look: Look) -> Iterator[Week]:
    """The weeks of a recorded effect, as they were when somebody looked."""
    by_week: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in look.rows:
        by_week.setdefault(str(row["week"]), {})[str(row["group"])] = row
    for begins, groups in sorted(by_week.items()):
        treated, control = (groups.get(name, {}) for name in ("treated", "control"))
        yield Week(
            begins=date.fromisoformat(begins[:10]), treated=_known(treated.get("score")),
            control=_known(control.get("score")), n_treated=int(treated.get("n", 0)),
            n_control=int(control.get("n", 0)),
        )  # fmt: skip


def _known(value: Any) -> float | None:
    return None if is_missing(value) else float(value)


class EffectWeeks:
    """Some courses on a sheet of their own in a workbook, and charts of them for any sheet of it."""

    def __init__(self, book: Workbook, courses: Mapping[str, Course], words: Catalogue) -> None:
        self._book, self._courses, self._words = book, courses, words
        (self._name,) = sheet_names([words.text("effect_weeks.sheet")])
        self._first, row = {}, 1
        for id, course in courses.items():
            self._first[id] = row
            row += len(course.weeks)

    def chart(self, id: str) -> Chart:
        """Both groups by week; the weeks since the start are named in the title."""
        course, first = self._courses[id], self._first[id]
        last = first + len(course.weeks) - 1
        chart = self._book.add_chart({"type": "line"})
        for column, name, colour in ((3, "treated", TREATED), (4, "control", CONTROL)):
            if any(getattr(week, name) is not None for week in course.weeks):
                chart.add_series({
                    "name": self._words.text(f"effect_weeks.{name}"),
                    "categories": [self._name, first, 2, last, 2],
                    "values": [self._name, first, column, last, column],
                    "line": {"color": colour, "width": 2.25}, "marker": {"type": "circle", "size": 5,
                    "fill": {"color": colour}, "border": {"color": colour}},
                })  # fmt: skip
        title = self._words.text("effect_weeks.title", start=course.start, effect=course.effect)
        font = {"size": 10, "bold": False, "color": INK}
        chart.set_title({"name": cell_text(spaced(title)), "name_font": font, "overlay": False})
        chart.set_legend({"position": "bottom"})
        chart.set_x_axis({"num_font": {"size": 9, "color": QUIET}})
        chart.set_y_axis({"num_format": "0.0", "major_gridlines": {"visible": True, "line": {"color": LINE}},
                          "num_font": {"size": 9, "color": QUIET}})  # fmt: skip
        chart.show_blanks_as("span")
        chart.set_size({"width": CHART_PX[0], "height": CHART_PX[1]})
        return chart

    def write(self, styles: Mapping[str, Format], *, drawn: bool = False) -> None:
        """The sheet, with the charts beside their weeks where they are `drawn` nowhere else."""
        sheet = self._book.add_worksheet(self._name)
        for column, (name, wide) in enumerate(HEADS):
            sheet.write_string(0, column, self._words.text(f"effect_weeks.{name}"), styles["head"])
            sheet.set_column(column, column, wide)
        for id, course in self._courses.items():
            self._write_weeks(sheet, course, self._first[id], styles)
        for place, id in enumerate(self._courses if drawn else ()):
            sheet.insert_chart(1 + 15 * place, len(HEADS) + 1, self.chart(id))
        sheet.freeze_panes(1, 0)
        set_paper(sheet, A4, head=0)

    def _write_weeks(self, sheet: Worksheet, course: Course, first: int, styles: Mapping[str, Format]) -> None:
        for row, week in enumerate(course.weeks, start=first):
            said = (course.number, course.action, self._words.show(week.begins, "date"))
            for column, text in enumerate(said):
                sheet.write_string(row, column, cell_text(text), styles["text"])
            for column, value in enumerate((week.treated, week.control), start=len(said)):
                if value is not None:
                    sheet.write_number(row, column, value, styles["float"])
            for column, count in enumerate((week.n_treated, week.n_control), start=len(said) + 2):
                sheet.write_number(row, column, count, styles["count"])
