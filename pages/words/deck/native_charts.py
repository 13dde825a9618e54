"""Charts that PowerPoint and WPS draw themselves, with their numbers in a workbook behind them. Pure.

The numbers are those of a result, unrounded. The workbook is our own: a name that looks like a formula or an address
would become one in that of the library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt
from xlsxwriter.workbook import Workbook

from pages.words.deck.fonts import clean
from pages.words.deck.layout import SMALLEST, shortened
from pages.words.format import is_missing
from pages.words.writers.spreadsheet import Exact, cell_text
from pages.words.writers.workbook import Styles, make_workbook

BLUE, ORANGE, GREY, PALE = "0072B2", "C55A11", "7F7F7F", "B4BDC7"
LONGEST_NAME, DAY_WIDE, ROOM, TICKS = 44, 1.15, 1.15, 5  # inches of a day; ROOM beyond the longest bar
Box = tuple[float, float, float, float]  # left, top, width, height in inches


@dataclass(frozen=True, kw_only=True)
class Series:
    """A row of numbers, None where withheld; `thin`: a line without marks; `low` and `high`: its intervals."""

    name: str
    values: Sequence[Any]
    colour: str = BLUE
    thin: bool = False
    low: Sequence[Any] = ()
    high: Sequence[Any] = ()


def bars(
    slide: Any, box: Box, names: Sequence[str], series: Sequence[Series], *, form: str, alt: str, across: bool = True
) -> Chart:
    """Bars with their numbers beside them: `across` from the top down, else upright from the left."""
    kind = XL_CHART_TYPE.BAR_CLUSTERED if across else XL_CHART_TYPE.COLUMN_CLUSTERED
    chart = _made(slide, box, kind, names, series, form, alt)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 60, -10
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked, labels.show_value = form, False, True
    labels.font.size, labels.position = Pt(SMALLEST), XL_LABEL_POSITION.OUTSIDE_END
    chart.category_axis.reverse_order = across
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    low, high = _ends(series)
    chart.value_axis.minimum_scale = min(low or 0.0, 0.0) * ROOM
    chart.value_axis.maximum_scale = max(high or 0.0, 0.0) * ROOM or None
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for one, drawn in zip(series, plot.series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = RGBColor.from_string(one.colour)
        drawn.invert_if_negative = False
        if one.low and not any(map(is_missing, (*one.low, *one.high, *one.values))):
            _whiskers(drawn, one, form)
            _axis_with_numbers(chart, series, form)
    return chart


def _axis_with_numbers(chart: Chart, chart_series: Sequence[Series], form: str) -> None:
    """Where an interval is drawn, the axis tells how wide it is, and no number stands in its way."""
    chart.plots[0].has_data_labels = False
    axis = chart.value_axis
    axis.visible = True
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    axis.tick_labels.font.size = Pt(SMALLEST)
    _level(axis)
    axis.format.line.color.rgb = RGBColor.from_string(PALE)
    low, high = _ends(chart_series)
    _round_ends(axis, min(low or 0.0, 0.0), max(high or 0.0, 0.0))


def course(
    slide: Any, box: Box, names: Sequence[str], series: Sequence[Series], *, form: str, alt: str
) -> Chart:  # fmt: skip
    """Lines over time; where a number was withheld, the line has a gap."""
    chart = _made(slide, box, XL_CHART_TYPE.LINE_MARKERS, names, series, form, alt)
    for one, drawn in zip(series, chart.plots[0].series, strict=True):
        drawn.smooth = False
        drawn.format.line.width = Pt(1 if one.thin else 2.25)
        drawn.format.line.color.rgb = RGBColor.from_string(one.colour)
        _mark(drawn, one)
    axis = chart.value_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    axis.tick_labels.font.size = Pt(SMALLEST)
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E7ECF2")
    axis.format.line.fill.background()
    _round_ends(axis, *_ends(series))
    skip = ceil(len(names) * DAY_WIDE / box[2])
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        element = parse_xml(f'<{name} {nsdecls("c")} val="{skip}"/>')
        chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(element)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    return chart


def _level(axis: Any) -> None:
    """What stands at an axis is read without turning one's head."""
    body = axis._element.find(qn("c:txPr")).find(qn("a:bodyPr"))
    body.set("rot", "0")
    body.set("vert", "horz")


def _made(
    slide: Any, box: Box, kind: Any, names: Sequence[str], series: Sequence[Series], form: str, alt: str
) -> Chart:  # fmt: skip
    shown = [shortened(clean(name), LONGEST_NAME) for name in names]
    data = CategoryChartData(number_format=form)
    data.categories = shown
    for one in series:
        data.add_series(clean(one.name), [None if is_missing(v) else float(v) for v in one.values])
    frame = slide.shapes.add_chart(kind, *map(Inches, box), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(alt))
    chart: Chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(shown, series, form))
    chart.font.size, chart.font.color.rgb = Pt(SMALLEST), RGBColor.from_string("17212B")
    chart.has_title = False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = Pt(SMALLEST)
    chart.category_axis.tick_labels.font.size = Pt(SMALLEST)
    chart.category_axis.format.line.color.rgb = RGBColor.from_string(PALE)
    chart.category_axis.has_major_gridlines = False
    return chart


def _workbook(names: Sequence[str], series: Sequence[Series], form: str) -> bytes:
    """What the chart refers to: names below A1, a series in each column after."""

    def write(book: Workbook, styles: Styles) -> None:
        sheet = book.add_worksheet("Sheet1")
        sheet.set_column(0, 0, 36)
        for place, name in enumerate(names, start=1):
            sheet.write_string(place, 0, cell_text(name))
        for column, one in enumerate(series, start=1):
            sheet.write_string(0, column, cell_text(clean(one.name)))
            sheet.set_column(column, column, 18)
            for place, value in enumerate(one.values, start=1):
                if not is_missing(value):
                    sheet.write_number(place, column, Exact(value), styles["number"])

    return make_workbook("Satrace", {"number": {"num_format": form}}, write)


def _ends(series: Sequence[Series]) -> tuple[float | None, float | None]:
    every = (v for one in series for v in (*one.values, *one.low, *one.high))
    known = [float(v) for v in every if not is_missing(v)]
    return (min(known), max(known)) if known else (None, None)


def _round_ends(axis: Any, low: float | None, high: float | None) -> None:
    """An axis from one round number to another, with round numbers between them."""
    if low is None or high is None or not high > low:
        return
    size = 10.0 ** floor(log10((high - low) / TICKS))
    step = next(size * times for times in (1, 2, 5, 10) if (high - low) / (size * times) <= TICKS)
    axis.minimum_scale, axis.maximum_scale = floor(low / step) * step, ceil(high / step) * step
    axis.major_unit = step


def _mark(drawn: Any, one: Series) -> None:
    if one.thin:
        drawn.marker.style = XL_MARKER_STYLE.NONE
        return
    drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 5
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.rgb = RGBColor.from_string(one.colour)
    drawn.marker.format.line.color.rgb = RGBColor.from_string(one.colour)


def _whiskers(drawn: Any, one: Series, form: str) -> None:
    """The interval of each bar, from its own numbers."""
    plus = [high - value for high, value in zip(one.high, one.values, strict=True)]
    minus = [value - low for low, value in zip(one.low, one.values, strict=True)]
    parts: Mapping[str, Sequence[float]] = {"plus": plus, "minus": minus}
    ends = "".join(_end(name, values, form) for name, values in parts.items())
    bars_ = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{ends}'
        f'<c:spPr><a:ln w="19050"><a:solidFill><a:srgbClr val="17212B"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    drawn._element.find(qn("c:cat")).addprevious(bars_)


def _end(name: str, values: Sequence[float], form: str) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(map(float, values)))
    code = f"<c:formatCode>{form}</c:formatCode>"
    return f'<c:{name}><c:numLit>{code}<c:ptCount val="{len(values)}"/>{points}</c:numLit></c:{name}>'
