"""What is taken along from an issue or a class: slides and a workbook, made only when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from analysis.issue_results import Ask, IssueResults, listed_reasons, results_of, whole_of
from analysis.training.class_results import ClassRecords, class_results
from data_access.access import may_teach
from data_access.metric_kinds import Unit
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.tracing import Trace
from pages.frame import datasets, taken_along
from pages.frame.context import Context, Frame
from pages.report.report import XLSX
from pages.words.answer_words import Speaker
from pages.words.catalogue import Catalogue
from pages.words.deck.class_told import ClassTold
from pages.words.deck.told import Told, without_people
from pages.words.file_names import file_name

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def offer(here: Frame, row: Trace, over: Context | None, *, klass: str = "") -> None:
    """Both files of an issue. over: the data it speaks of, None where these are not here; klass: class and group."""
    place = f"take.{row.issue.id}"
    slides, book = (file_name(here.plain.text("file.issue"), row.issue.title, date.today(), ending=ending)
                    for ending in ("pptx", "xlsx"))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(here.text("take_along.title"), width="content")
        make_slides = taken_along.noted(
            here, lambda: _slides(here, row, over, klass), "pptx", subject=f"issue {row.issue.id}"
        )
        make_book = taken_along.noted(
            here, lambda: _workbook(here, row, over, klass), "xlsx", subject=f"issue {row.issue.id}"
        )
        _download(here, "slides", make_slides, slides, PPTX, place)
        _download(here, "workbook", make_book, book, XLSX, place)


def _download(here: Frame, kind: str, make: Callable[[], bytes], name: str, mime: str, place: str) -> None:
    icon = {"pptx": "slideshow", "xlsx": "table_view"}[name.rpartition(".")[2]]
    st.download_button(here.text(f"take_along.{kind}"), make, name, mime, icon=f":material/{icon}:",
                       key=f"{place}.{kind}", on_click="ignore", type="tertiary")  # fmt: skip


def _slides(here: Frame, row: Trace, over: Context | None, klass: str) -> bytes:
    from pages.words.deck.issue_deck import issue_deck  # slow to import: only who asks for slides waits

    return issue_deck(_told(here, row, over, klass))


def _workbook(here: Frame, row: Trace, over: Context | None, klass: str) -> bytes:
    from pages.words.deck.issue_workbook import issue_workbook

    return issue_workbook(_told(here, row, over, klass))


def _told(here: Frame, row: Trace, over: Context | None, klass: str) -> Told:
    """The issue as it is when the file is asked for, as far as this reader may see it."""
    (fresh,) = here.store().traces(here.user, row.issue.id)
    if over is None or fresh.issue.origin != row.issue.origin:
        return Told(row=fresh, results=IssueResults(), words=here.plain, taxonomy=here.taxonomy, klass=klass,
                    made=date.today())  # fmt: skip
    results = results_of(fresh, over.run_aside, listed=_listed(here, over))
    data = datasets.names(here.settings, here.plain, here.user).get(over.dataset, "")
    return Told(row=fresh, results=results, words=_words(over), taxonomy=here.taxonomy, model=over.warehouse.model,
                data=data, klass=klass, made=date.today())  # fmt: skip


def _listed(here: Frame, over: Context) -> tuple[str, ...]:
    """Reasons that management has on its list, asked without a page."""
    store, warehouse = here.store(), over.warehouse
    named = (value for name in warehouse.model.reasons for value in warehouse.members(name))
    return listed_reasons(named, store.issues(here.user), store.plans(here.user), here.taxonomy)


def class_report(here: Frame, klass: TrainingClass, there: Context | None) -> None:
    """The report on a class, for who teaches alone. there: the frozen data of the class, None where they are away."""
    if not may_teach(here.user):
        return
    place = f"take.{klass.id}"
    slides, book = (file_name(here.plain.text("file.class"), klass.title, date.today(), ending=ending)
                    for ending in ("pptx", "xlsx"))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        _download(here, "class_slides", lambda: _class_slides(here, klass.id, there), slides, PPTX, place)
        _download(here, "class_workbook", lambda: _class_book(here, klass.id, there), book, XLSX, place)


def _class_slides(here: Frame, class_id: str, there: Context | None) -> bytes:
    from pages.words.deck.class_deck import class_deck

    return class_deck(_class_told(here, class_id, there))


def _class_book(here: Frame, class_id: str, there: Context | None) -> bytes:
    from pages.words.deck.class_workbook import class_workbook

    return class_workbook(_class_told(here, class_id, there))


def _class_told(here: Frame, class_id: str, there: Context | None) -> ClassTold:
    """The class as it is when the file is asked for. Raises NotAllowed for who may not see its key."""
    store, user = here.store(), here.user
    records = ClassRecords(
        klass=store.training_class(user, class_id), key=store.key(user, class_id),
        groups=store.groups(user, class_id), members=store.members(user, class_id), traces=store.traces(user),
        hints=store.hints(user, class_id), quiz=store.quiz_answers(user, class_id),
        marks=store.marks(user, class_id),
    )  # fmt: skip
    results = class_results(records, there.warehouse if there else None, here.taxonomy, partial(_asked_of, there))
    speaker = Speaker(words=_words(there) if there else here.plain, taxonomy=here.taxonomy,
                      unit_of=there.unit_of if there else lambda _: Unit.POINTS)  # fmt: skip
    return ClassTold(results=results, speaker=speaker, made=date.today())


def _asked_of(there: Context | None, row: Trace) -> Ask:
    """Over the whole of an issue in the data of the class."""
    assert there is not None and row.origin is not None  # without data nothing is asked
    return there.over(whole_of(row.origin).within(there.user.scope.filters)).run_aside


def _words(over: Context) -> Catalogue:
    """Plain words over some data, without the names of single agents and customers."""
    return over.plain.with_names(without_people(over.plain.formatter.names, over.warehouse.model))
