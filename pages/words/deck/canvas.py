"""Slides as people edit them: titles, text, tables and shapes of PowerPoint itself, nothing as a picture. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from pages.words.deck.fonts import clean, dress
from pages.words.deck.layout import (
    BODY,
    BOTTOM,
    HIGH,
    LONGEST_CELL,
    MARGIN,
    SMALLEST,
    TOP,
    WIDE,
    Grid,
    fitting,
    height,
    in_pages,
    shortened,
)

INK, QUIET, BRAND, RULE, LIGHT = "17212B", "5B6670", "1F3A5F", "B4BDC7", "F3F6F9"
TITLE_SIZES, COVER_SIZES, TEXT_SIZES = (28, 24, 22, 20), (40, 36, 32, 28), (20, 18, 16, 14)
MOST_LINES = 7
_TITLE_ONLY = 5  # of the layouts of the library's template


class Deck:
    """A presentation that grows slide by slide; `footer` stands on every slide."""

    def __init__(self, language: str, *, title: str, footer: str) -> None:
        self._file, self._language, self._footer = Presentation(), language, clean(footer)
        self._file.core_properties.title = clean(title)
        self._file.core_properties.author = "Satrace"
        self._file.core_properties.created = self._file.core_properties.modified = datetime(2000, 1, 1)
        _widen(self._file)

    def bytes(self) -> bytes:
        """The file, every run of it with its fonts."""
        dress(self._file.part.package, self._language)
        buffer = BytesIO()
        self._file.save(buffer)
        return buffer.getvalue()

    def cover(self, title: str, subtitle: str, facts: Mapping[str, str]) -> None:
        """The first slide: what it is about, in one line what was found, and what it rests on."""
        slide = self._slide(title, COVER_SIZES, top=0.9, high=1.7)
        _rule(slide, 2.75)
        if subtitle:
            text, size = fitting(clean(subtitle), BODY, 0.95, (24, 22, 20, 18), bold=True)
            write(slide, (MARGIN, 2.95, BODY, 1.0), [text], size=size, colour=BRAND, bold=True)
        lines = [(name, clean(value)) for name, value in facts.items() if value.strip()]
        _pairs(slide, lines, top=4.05)

    def slide(self, title: str, *, notes: Iterable[str] = ()) -> Any:
        """A slide with one message as its title; `notes` are for whoever presents it."""
        slide = self._slide(title, TITLE_SIZES, top=0.4, high=1.15)
        said = [clean(note) for note in notes if note.strip()]
        if said:
            slide.notes_slide.notes_text_frame.text = "\n".join(said)
        return slide

    def grid(self, title: str, grid: Grid, *, notes: Sequence[str] = (), most: int = LONGEST_CELL) -> None:
        """A table on as many slides as it takes, its cells cut at `most` letters."""
        cut = Grid(
            heads=tuple(map(clean, grid.heads)), widths=grid.widths, numbers=grid.numbers,
            rows=tuple(tuple(shortened(clean(text), most) for text in row) for row in grid.rows),
        )  # fmt: skip
        pages = list(in_pages(cut.grown(BODY, BOTTOM - TOP), BODY, BOTTOM - TOP))
        for place, page in enumerate(pages, start=1):
            slide = self.slide(f"{title} ({place}/{len(pages)})" if len(pages) > 1 else title, notes=notes)
            table(slide, page, (MARGIN, TOP, BODY))

    def _slide(self, title: str, sizes: Sequence[int], *, top: float, high: float) -> Any:
        slide = self._file.slides.add_slide(self._file.slide_layouts[_TITLE_ONLY])
        text, size = fitting(clean(title) or "–", BODY, high, sizes, bold=True)
        holder = slide.shapes.title
        holder.left, holder.top, holder.width, holder.height = map(Inches, (MARGIN, top, BODY, high))
        _fill(holder.text_frame, [text], size=size, colour=INK, bold=True, anchor=MSO_ANCHOR.MIDDLE)
        self._foot(slide)
        return slide

    def _foot(self, slide: Any) -> None:
        text = shortened(self._footer, 120)
        write(slide, (MARGIN, 6.93, BODY - 1.2, 0.4), [text], size=SMALLEST, colour=QUIET)
        box = write(slide, (WIDE - MARGIN - 1.0, 6.93, 1.0, 0.4), [""], size=SMALLEST, colour=QUIET)
        paragraph = box.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        number = (f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
                  f'<a:rPr sz="{SMALLEST * 100}"><a:solidFill><a:srgbClr val="{QUIET}"/></a:solidFill></a:rPr>'
                  f"<a:t>{len(self._file.slides)}</a:t></a:fld>")  # fmt: skip
        for run in paragraph._p.findall(qn("a:r")):
            paragraph._p.remove(run)
        paragraph._p.insert(1 if paragraph._p.find(qn("a:pPr")) is not None else 0, parse_xml(number))


def write(
    slide: Any, box: tuple[float, float, float, float], lines: Sequence[str], *, size: int = SMALLEST,
    colour: str = INK, bold: bool = False,
) -> Any:  # fmt: skip
    """A text box, a paragraph a line."""
    shape = slide.shapes.add_textbox(*map(Inches, box))
    _fill(shape.text_frame, lines, size=size, colour=colour, bold=bold)
    return shape


def bullets(slide: Any, box: tuple[float, float, float, float], lines: Sequence[str]) -> None:
    """Sentences below each other, in the largest letters in which all fit; what does not is cut."""
    wide, high = box[2:]
    said = [clean(line) for line in lines if line.strip()][:MOST_LINES]
    size = next((s for s in TEXT_SIZES if sum(height(t, wide, s) + 0.1 for t in said) <= high), TEXT_SIZES[-1])
    room = high
    shown = []
    for text in said:
        kept, _ = fitting(text, wide, max(room, 0.3), (size,))
        room -= height(kept, wide, size) + 0.1
        shown.append(kept)
        if room < 0.3:
            break
    shape = write(slide, box, shown, size=size)
    for paragraph in shape.text_frame.paragraphs:
        paragraph.space_after = Pt(6)


def table(slide: Any, grid: Grid, place: tuple[float, float, float]) -> float:
    """A native table from a corner on, so many inches wide; returns where it ends."""
    left, top, wide = place
    heights = grid.heights(wide)
    frame = slide.shapes.add_table(len(grid.rows) + 1, len(grid.heads), Inches(left), Inches(top), Inches(wide),
                                   Inches(sum(heights)))  # fmt: skip
    made = frame.table
    for column, inches in zip(made.columns, grid.inches(wide), strict=True):
        column.width = Inches(inches)
    for row, inches in zip(made.rows, heights, strict=True):
        row.height = Inches(inches)
    for row, texts in enumerate((grid.heads, *grid.rows)):
        for column, text in enumerate(texts):
            cell = made.cell(row, column)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(BRAND if row == 0 else LIGHT if row % 2 else "FFFFFF")
            _cell(cell, text, grid.size, head=row == 0, right=column in grid.numbers)
    return top + sum(heights)


def box(
    slide: Any, place: tuple[float, float, float, float], lines: Sequence[str], *, colour: str, quiet: bool = False
) -> Any:  # fmt: skip
    """A rounded box: its first line is what it says, in bold, the others in quiet letters."""
    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, *map(Inches, place))
    shape.adjustments[0] = 0.08
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(LIGHT)
    shape.line.color.rgb, shape.line.width = RGBColor.from_string(colour), Pt(2.25)
    shape.shadow.inherit = False
    frame = shape.text_frame
    _fill(frame, lines, size=SMALLEST, colour=QUIET, bold=False, anchor=MSO_ANCHOR.MIDDLE)
    frame.margin_left = frame.margin_right = Inches(0.15)
    frame.margin_top = frame.margin_bottom = Inches(0.04)
    head = frame.paragraphs[0].runs[0]
    head.font.bold, head.font.size = True, Pt(16)
    head.font.color.rgb = RGBColor.from_string(QUIET if quiet else INK)
    if quiet:
        head.font._element.set("strike", "sngStrike")
    return shape


def elbow(slide: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A line that goes down and then right, with an arrow at its end."""
    builder = slide.shapes.build_freeform(Inches(start[0]), Inches(start[1]), scale=1.0)
    corners = [(Inches(start[0]), Inches(end[1])), (Inches(end[0]), Inches(end[1]))]
    builder.add_line_segments(corners, close=False)
    shape = builder.convert_to_shape()
    shape.fill.background()
    shape.line.color.rgb, shape.line.width = RGBColor.from_string(QUIET), Pt(1.75)
    shape.shadow.inherit = False
    shape.line._get_or_add_ln().append(parse_xml(f'<a:tailEnd {nsdecls("a")} type="triangle"/>'))


def _fill(
    frame: Any, lines: Sequence[str], *, size: int, colour: str, bold: bool, anchor: Any = MSO_ANCHOR.TOP
) -> None:  # fmt: skip
    frame.word_wrap, frame.vertical_anchor = True, anchor
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = clean(line)
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour)


def _cell(cell: Any, text: str, size: int, *, head: bool, right: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.size, run.font.bold = Pt(size), head
    run.font.color.rgb = RGBColor.from_string("FFFFFF" if head else INK)


def _pairs(slide: Any, lines: Sequence[tuple[str, str]], *, top: float) -> None:
    """Names and what they are, below each other, as far as there is room."""
    for name, value in lines:
        wide = BODY - 2.8
        text, size = fitting(value, wide, 0.62, (16, 14))
        high = max(height(text, wide, size), 0.3) + 0.06
        if top + high > BOTTOM:
            return
        write(slide, (MARGIN, top, 2.7, high), [name], size=16, colour=QUIET)
        write(slide, (MARGIN + 2.8, top, wide, high), [text], size=size)
        top += high


def _rule(slide: Any, top: float) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, (MARGIN + 0.1, top, 1.6, 0.06)))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string("0072B2")
    shape.line.fill.background()
    shape.shadow.inherit = False


def _widen(file: Any) -> None:
    """The library's template is as wide as old screens: with its masters made as wide as today's."""
    factor = Inches(WIDE) / file.slide_width
    file.slide_width, file.slide_height = Inches(WIDE), Inches(HIGH)
    for place in (file.slide_master, *file.slide_layouts):
        for shape in place.shapes:
            if shape.width:
                shape.left, shape.width = Emu(int(shape.left * factor)), Emu(int(shape.width * factor))
