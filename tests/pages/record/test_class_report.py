"""The report on a class: groups side by side, points by hand and by the product, and what only the reveal opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from analysis.trace import trace
from analysis.training.class_results import ClassRecords, ClassResults, class_results
from data_access.metric_kinds import Unit
from data_access.taxonomy import load_taxonomy
from data_access.training import Case, Criterion, Key, Kind, Link, Reference, Tradeoff, Truth, Words
from data_access.training_file import load_quiz
from data_access.warehouse import Warehouse
from data_access.workshop.class_records import Group, Hint, Mark, Member, QuizAnswer, TrainingClass
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.answer_words import Speaker
from pages.words.catalogue import Catalogue
from pages.words.deck.class_deck import class_deck
from pages.words.deck.class_told import ClassTold
from pages.words.deck.class_workbook import class_workbook
from pages.words.names import Names
from tests.pages.explain.trace.conftest import OCTOBER, PATH
from tests.pages.record.test_take_along import NASTY, charts, slides, texts, unlike_its_font

SAY = Words("the model answer", "参考答案")
SAY_WHY = Words("why, the model answer", "为什么，参考答案")
SECRET = ("the model answer", "参考答案", "what it costs", "它的代价")
EACH = [pytest.param("en", marks=pytest.mark.prove), "zh-CN"]
CODES = ("location", "evidence", "depth", "remedy")


@pytest.fixture
def records(store: Store, traced: Trace) -> ClassRecords:
    """Two groups of one class: A traced to the end, B has nothing."""
    rubric = tuple(Criterion(code=code, points=25, full=SAY, half=SAY, none=SAY) for code in CODES)
    klass = TrainingClass(id="c", title="周一班", case=Case(code="x", title=Words("The case", "案例"), story=SAY,
                          rubric=rubric), dataset="class-c", data_version="v1")  # fmt: skip
    reference = Reference(problem=SAY, location=SAY, gap="design", gap_why=SAY, system="proactive", power="centre",
                          cause_type="business_rule", remedies=("roster",), lift=SAY, check=SAY,
                          chain=(Link(why=SAY_WHY, evidence=SAY),))  # fmt: skip
    key = Key(truth=Truth(segment=PATH[:1], kind=Kind.RULE, since=date(2026, 10, 6)), reference=reference,
              tradeoffs=(Tradeoff(option=SAY, gain=SAY, cost=Words("what it costs", "它的代价")),))  # fmt: skip
    groups = [Group(class_id="c", name=name, key=f"c-{name}", bet=bet) for name, bet in ((NASTY, 0.8), ("B", None))]
    question = load_quiz()[0]
    answer = replace(traced, issue=replace(traced.issue, group=groups[0].key))
    return ClassRecords(
        klass=klass, key=key, groups=groups, traces=[answer],
        members=[Member(class_id="c", user_id="ann", name="Ann", group=groups[0].key)],
        hints=[Hint(class_id="c", group=groups[0].key, number=1)],
        quiz=[QuizAnswer(class_id="c", user_id="ann", question=question.code, level=question.level)],
        marks=[Mark(class_id="c", group=groups[0].key, criterion=code, points=20, comment=NASTY) for code in CODES],
    )  # fmt: skip


def told(records: ClassRecords, opened: Warehouse, language: str, *, revealed: bool) -> ClassTold:
    klass = replace(records.klass, revealed_at=datetime(2026, 11, 30, tzinfo=UTC) if revealed else None)
    taxonomy = load_taxonomy()
    results = class_results(replace(records, klass=klass), opened, taxonomy,
                            lambda row: lambda analysis, **options: analysis(opened, OCTOBER, **options))  # fmt: skip
    words = Catalogue.load(language)
    words = words.with_names(Names(opened.model, taxonomy, words, {}))
    speaker = Speaker(words=words, taxonomy=taxonomy, unit_of=lambda _: Unit.POINTS)
    return ClassTold(results=results, speaker=speaker, made=date(2026, 11, 30))


def cells(book: bytes) -> Mapping[str, list[list[Any]]]:
    sheets = openpyxl.load_workbook(BytesIO(book)).worksheets
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in sheets}


@pytest.mark.parametrize("language", EACH)
def test_before_the_reveal_nothing_of_the_key_is_in_it(
    language: str, records: ClassRecords, opened: Warehouse
) -> None:
    about = told(records, opened, language, revealed=False)
    deck, book = class_deck(about), class_workbook(about)
    said = " ".join(texts(deck)) + str(cells(book))
    assert [secret for secret in SECRET if secret in said] == []
    assert about.text("desk.kind.rule") not in said and about.text("desk.match.parent") not in said
    assert about.text("class_report.not_revealed_note") in said
    kept = trace(opened, OCTOBER, path=PATH).statistics["kept_of_all"]
    groups = cells(book)[about.text("class_report.sheet.beside")]
    assert kept in groups[1] and isinstance(about.results, ClassResults)
    shown = about.text("desk.kept", share=kept)
    assert any(shown in str(cell) for cell in groups[1])


@pytest.mark.parametrize("language", EACH)
def test_afterwards_it_holds_what_was_planted_and_who_found_it(
    language: str, records: ClassRecords, opened: Warehouse
) -> None:
    about = told(records, opened, language, revealed=True)
    deck, book = class_deck(about), class_workbook(about)
    said = " ".join(texts(deck))
    assert about.said(SAY) in said and about.text("desk.kind.rule") in said
    assert list(unlike_its_font(deck, language))[:3] == []
    assert all(slide.shapes.title.text_frame.text.strip() for slide in slides(deck))
    one = about.groups[0]
    assert one.brier is not None and one.product is not None
    bets = cells(book)[about.text("class_report.sheet.bets")]
    assert bets[1][1:] == [0.8, int(one.brier < 0.1), "=(B2-C2)^2"]
    (hand, product) = ([*series.values] for series in charts(deck)[0].plots[0].series)
    assert hand == [4 * 20 - 2.0, None] and product == [one.product.total, None]
    opened_book = openpyxl.load_workbook(BytesIO(book))
    scores = opened_book[about.text("class_report.sheet.scores")]
    assert scores.cell(2, 8).value == "=MAX(0,SUM(D2:G2)-C2)"
    assert [cell.value for cell in scores[2]][3:7] == [20] * 4
    formulas = [c.value for sheet in opened_book.worksheets for row in sheet.iter_rows() for c in row
                if c.data_type == "f"]  # fmt: skip
    assert formulas and not [text for text in formulas if not str(text).startswith(("=MAX(", "=B", "=(B"))]
