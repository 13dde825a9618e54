"""Slides and workbook of an issue: native, editable, Chinese throughout, and with the numbers of the screen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from lxml import etree
from pptx import Presentation
from pptx.opc.package import XmlPart
from pptx.oxml.ns import qn
from pptx.util import Pt

from analysis.diagnosis import gaps_and_causes
from analysis.effect.effect import effect
from analysis.effect.of_plan import asked_of, look_of
from analysis.issue_results import IssueResults, results_of, whole_of
from analysis.result import Result
from data_access.statement import NothingToShow
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse
from data_access.workshop.records import Plan, WhyStatus
from data_access.workshop.store import open_store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from pages.words.deck.fonts import EAST_ASIAN, LANG, LATIN
from pages.words.deck.issue_deck import issue_deck
from pages.words.deck.issue_workbook import issue_workbook
from pages.words.deck.layout import Grid
from pages.words.deck.told import Told, without_people
from pages.words.deck.told_rows import evidence_rows
from pages.words.format import spaced
from pages.words.names import Names
from tests.pages.conftest import Downloads, OpenPage, file_of
from tests.pages.explain.trace.conftest import ME, PATH, WRITTEN, Kept

NASTY = '=HYPERLINK("http://x.example","a")\x1b[31m\u202e'
TEAMS = tuple(f"team_{number:02d}" for number in range(1, 9))
RUNS = tuple(qn(f"a:{name}") for name in ("r", "br", "fld"))
PROPERTIES = tuple(qn(f"a:{name}") for name in ("rPr", "defRPr", "endParaRPr"))


def told_of(row: Trace, opened: Warehouse, language: str, results: IssueResults) -> Told:
    words, taxonomy = Catalogue.load(language), load_taxonomy()
    names = without_people(Names(opened.model, taxonomy, words, {}), opened.model)
    about = words.with_names(names).about(opened.model.measure("score"))
    return Told(row=row, results=results, words=about, taxonomy=taxonomy, model=opened.model, data="样例",
                klass="3G · A", made=date(2026, 11, 30))  # fmt: skip


@pytest.fixture(scope="module")
def whole(kept: Kept, tmp_path_factory: pytest.TempPathFactory, opened: Warehouse) -> Iterator[Trace]:
    """The trace with a plan that was looked at, and nasty words."""
    file = shutil.copy(kept.file, tmp_path_factory.mktemp("take") / "workshop.sqlite")
    store = open_store(f"sqlite:///{file}")
    issue = store.issue(ME, kept.issue)
    plan = store.save_plan(ME, Plan(issue_id=issue.id, action=NASTY, owner="floor", target_metric="score",
                                    unit="team", treated=TEAMS[:4], control=TEAMS[4:],
                                    start=date(2026, 9, 14), expected_lift=0.5))  # fmt: skip
    selection, options = asked_of(plan, opened.model, ())
    store.add_look(ME, look_of(plan, effect(opened, selection, **options), "default"))
    store.save_issue(ME, replace(issue, cause=NASTY, cause_type="business_rule", gap="design", power="business_rule"))
    yield store.traces(ME, issue.id)[0]
    store.engine.dispose()


def asked(row: Trace, opened: Warehouse, *left_out: Any) -> IssueResults:
    """What the data say, but for analyses that take long."""
    assert row.origin is not None
    selection = whole_of(row.origin)

    def ask(analysis: Any, **options: Any) -> Result:
        if analysis in left_out:
            raise NothingToShow("selection.empty")
        found: Result = analysis(opened, selection, **options)
        return found

    return results_of(row, ask)


@pytest.fixture(scope="module")
def results(whole: Trace, opened: Warehouse) -> IssueResults:
    return asked(whole, opened, gaps_and_causes)


@pytest.fixture(scope="module")
def decks(whole: Trace, opened: Warehouse, results: IssueResults) -> Mapping[str, bytes]:
    return {"zh-CN": issue_deck(told_of(whole, opened, "zh-CN", results))}


def slides(deck: bytes) -> list[Any]:
    return list(Presentation(BytesIO(deck)).slides)


def charts(deck: bytes) -> list[Any]:
    return [shape.chart for slide in slides(deck) for shape in slide.shapes if shape.has_chart]


def texts(deck: bytes) -> list[str]:
    """Every run of the slides, table cells and notes included."""
    package = Presentation(BytesIO(deck)).part.package
    named = [part for part in package.iter_parts() if re.search(r"/slides/|/notesSlides/", str(part.partname))]
    return [node.text or "" for part in named for node in part._element.iter(qn("a:t"))]  # type: ignore[attr-defined]


def unlike_its_font(deck: bytes, language: str) -> Iterator[str]:
    """Runs and their properties, anywhere in the file, that lack a font or the language."""
    wanted = {"latin": LATIN[language], "ea": EAST_ASIAN}
    for part in Presentation(BytesIO(deck)).part.package.iter_parts():
        if not isinstance(part, XmlPart):
            continue
        yield from (
            f"{part.partname}: bare run" for run in part._element.iter(*RUNS) if run.find(qn("a:rPr")) is None
        )
        for properties in part._element.iter(*PROPERTIES):
            faces = {name: properties.find(qn(f"a:{name}")) for name in wanted}
            found = {name: None if face is None else face.get("typeface") for name, face in faces.items()}
            if found != wanted or properties.get("lang") != LANG[language]:
                yield f"{part.partname}: {etree.tostring(properties)[:200]!r}"


def test_every_letter_has_a_chinese_font_and_its_language(decks: Mapping[str, bytes]) -> None:
    for language, deck in decks.items():
        assert list(unlike_its_font(deck, language))[:3] == []
        (theme, *_) = [part.blob for part in Presentation(BytesIO(deck)).part.package.iter_parts()
                       if part.content_type.endswith("theme+xml")]  # fmt: skip
        assert theme.count(f'<a:ea typeface="{EAST_ASIAN}"/>'.encode()) == 2
        drawn = [font.get("sz") for part in Presentation(BytesIO(deck)).part.package.iter_parts()
                 if re.search("/slides/|/charts/", str(part.partname)) and isinstance(part, XmlPart)
                 for font in part._element.iter(*PROPERTIES)]  # fmt: skip
        assert min(int(size) for size in drawn if size) >= 1400


def test_the_charts_hold_the_numbers_of_the_result(
    whole: Trace, results: IssueResults, decks: Mapping[str, bytes]
) -> None:
    assert results.along is not None and results.course is not None
    steps = results.along.table.iloc[1:]
    look = whole.looks[-1]
    drawn = charts(decks["zh-CN"])
    series = [[*plotted.values] for chart in drawn for plotted in chart.plots[0].series]
    for name in ("kept", "kept_of_all"):
        assert list(steps[name]) in series
    for name in ("score", "low", "high"):
        assert [None if value != value else value for value in results.course.table[name]] in series
    assert [look.statistics["gain"]] in series
    treated = [row["score"] for row in look.rows if row["group"] == "treated"]
    assert treated in series
    for chart in drawn:  # what people edit is what is drawn
        sheet = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob)).worksheets[0]
        for column, plotted in enumerate(chart.plots[0].series, start=2):
            behind = [sheet.cell(row, column).value for row in range(2, 2 + len(plotted.values))]
            assert behind == list(plotted.values)


def test_slides_are_native_and_say_one_thing_each(whole: Trace, decks: Mapping[str, bytes]) -> None:
    deck = decks["zh-CN"]
    shown = slides(deck)
    assert not [shape for slide in shown for shape in slide.shapes if shape.shape_type == 13]  # a picture
    assert all(slide.shapes.title.text_frame.text.strip() for slide in shown)
    tables = [shape.table for slide in shown for shape in slide.shapes if shape.has_table]
    assert tables and all(len(table.rows) <= 8 for table in tables)
    boxes = {
        shape.text_frame.text.split("\n")[0] for slide in shown for shape in slide.shapes if shape.has_text_frame
    }
    assert {why.statement for why in whole.whys} <= boxes
    size = Presentation(BytesIO(deck))
    for shape in (shape for slide in shown for shape in slide.shapes):
        assert shape.left >= 0 and shape.left + shape.width <= size.slide_width + Pt(1)
        assert shape.top >= 0 and shape.top + shape.height <= size.slide_height


def test_what_people_wrote_is_text_only(
    whole: Trace, opened: Warehouse, results: IssueResults, decks: Mapping[str, bytes]
) -> None:
    deck, book = decks["zh-CN"], issue_workbook(told_of(whole, opened, "zh-CN", results))
    said = " ".join(texts(deck))
    assert "HYPERLINK" in said and "_x001B_" not in said and "\x1b" not in said and "\u202e" not in said
    assert not [rel for part in Presentation(BytesIO(deck)).part.package.iter_parts()
                for rel in part.rels.values() if rel.is_external]  # fmt: skip
    opened_book = openpyxl.load_workbook(BytesIO(book))
    cells = [cell for sheet in opened_book.worksheets for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert formulas and not [text for text in formulas if not text.startswith(("=COUNTIFS(", "=SUM("))]
    assert not [cell for cell in cells if cell.hyperlink]
    assert not [cell for cell in cells if isinstance(cell.value, str) and "\x1b" in cell.value]


def test_the_workbook_counts_and_holds_what_the_result_does(
    whole: Trace, opened: Warehouse, results: IssueResults
) -> None:
    told = told_of(whole, opened, "zh-CN", results)
    book = openpyxl.load_workbook(BytesIO(issue_workbook(told)), data_only=True)
    assert results.along is not None
    where = book[told.text("deck.sheet.where")]
    values = [cell.value for row in where.iter_rows(min_row=2) for cell in row if isinstance(cell.value, float)]
    assert set(results.along.table["kept"].dropna()) <= {*values, 1}
    whys = book[told.text("deck.sheet.whys")]
    assert [(row[6].value, row[7].value) for row in whys.iter_rows(min_row=2)] == [(1, 0), (1, 0), (1, 1)]


def test_what_is_withheld_stays_withheld(whole: Trace, opened: Warehouse, results: IssueResults) -> None:
    assert results.along is not None
    table = results.along.table.assign(score=float("nan"), change=float("nan"), kept=float("nan"))
    hidden = IssueResults(along=replace(results.along, table=table))
    deck = issue_deck(told_of(replace(whole, plans=()), opened, "en", hidden))
    kept = [[*plotted.values] for chart in charts(deck) for plotted in chart.plots[0].series]
    assert [None] * len(PATH) in kept
    assert list(unlike_its_font(deck, "en"))[:3] == []
    alone = issue_deck(
        told_of(replace(whole, hidden=True), opened, "en", results_of(replace(whole, hidden=True), _never))
    )
    assert "cannot be opened here" in " ".join(texts(alone))


def _never(*_: Any, **__: Any) -> Result:
    raise AssertionError("what a reader may not see is not even asked for")


def test_single_agents_stand_as_their_codes(opened: Warehouse) -> None:
    model = opened.model
    agents = replace(next(iter(model.dimensions.values())), name="agent_name", column=model.agent)
    known = replace(model, dimensions={**model.dimensions, "agent_name": agents})
    named = without_people(lambda _, value: str(value), known)
    assert named("agent_name", "Wang Fang").startswith("a-") and named("team", "team_01") == "team_01"


def test_a_refuted_why_is_struck_out(whole: Trace, opened: Warehouse) -> None:
    first, *_ = whole.whys
    refuted = replace(whole, whys=(replace(first, status=WhyStatus.REFUTED), *whole.whys[1:]))
    deck = issue_deck(told_of(refuted, opened, "zh-CN", IssueResults()))
    struck = [run for slide in slides(deck) for run in slide.element.iter(qn("a:r"))
              if run.find(qn("a:rPr")).get("strike") == "sngStrike"]  # fmt: skip
    assert [run.find(qn("a:t")).text for run in struck] == [first.statement]


def test_what_nobody_did_yet_is_one_slide_and_not_an_empty_one_each(whole: Trace, opened: Warehouse) -> None:
    bare = replace(
        whole, whys=(), evidence=(), plans=(), issue=replace(whole.issue, cause_type="", gap="", system="")
    )
    told = told_of(bare, opened, "en", IssueResults())
    shown = [[shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
             for slide in slides(issue_deck(told))]  # fmt: skip
    (still,) = [texts for texts in shown if told.text("deck.open") in texts]
    assert all(told.text(f"deck.{name}") in " ".join(still) for name in ("no_why", "no_kind", "no_plan"))
    asked: list[str] = []
    results_of(bare, lambda analysis, **_: asked.append(analysis.__name__) or _nothing())
    assert "gaps_and_causes" not in asked


def _nothing() -> Result:
    raise NothingToShow("selection.empty")


def test_words_of_a_table_stay_whole() -> None:
    words = Grid(heads=("Owner", "Due"), rows=(("department of tariffs", "2026-09-30"),), widths=(1, 1))
    assert words.grown(3.0, 5.0).size < words.grown(6.0, 5.0).size and not words.grown(3.0, 5.0).splits(3.0)


def test_evidence_that_says_one_thing_ends_without_a_dot(whole: Trace, opened: Warehouse) -> None:
    silent = replace(whole, evidence=tuple(replace(piece, text="") for piece in whole.evidence))
    rows = evidence_rows(told_of(silent, opened, "zh-CN", IssueResults()))
    assert len(rows) == len(whole.evidence) and not [row for row in rows if row[-1].endswith("·")]


@pytest.mark.prove
def test_the_gap_stands_with_what_its_test_finds(whole: Trace, opened: Warehouse) -> None:
    found = asked(whole, opened)
    told = told_of(whole, opened, "zh-CN", found)
    assert found.causes is not None
    tested = dict(zip(found.causes.table["code"], found.causes.findings, strict=False))
    sentence = spaced(told.words.say(tested["design"]))
    assert sentence in " ".join(texts(issue_deck(told)))
    kind = openpyxl.load_workbook(BytesIO(issue_workbook(told)))[told.text("deck.sheet.kind")]
    assert any(sentence in str(row[2].value) for row in kind.iter_rows(min_row=2))


@pytest.mark.prove
def test_an_open_issue_offers_both_files(open_page: OpenPage, traced: Trace, downloads: Downloads) -> None:
    open_page("trace", lang="zh-CN", issue=traced.issue.id)
    words = Catalogue.load("zh-CN")
    deck = file_of(downloads, words.text("file.issue"), ".pptx")()
    assert WRITTEN["title"] in " ".join(texts(deck)) and charts(deck)
    book = file_of(downloads, words.text("file.issue"), ".xlsx")()
    assert words.text("deck.sheet.where") in openpyxl.load_workbook(BytesIO(book)).sheetnames
