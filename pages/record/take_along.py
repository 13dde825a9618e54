"""What is taken along from an issue or a class: slides and a workbook, made only when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from analysis.issue_results import IssueResults, listed_reasons, results_of
from data_access.workshop.tracing import Trace
from pages.frame import datasets
from pages.frame.context import Context, Frame
from pages.report.report import XLSX
from pages.words.deck.told import Told, without_people

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def offer(here: Frame, row: Trace, over: Context | None, *, klass: str = "") -> None:
    """Both files of an issue. over: the data it speaks of, None where these are not here; klass: class and group."""
    name, place = here.text("take_along.issue_file"), f"take.{row.issue.id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(here.text("take_along.title"), width="content")
        _download(here, "slides", lambda: _slides(here, row, over, klass), f"{name}.pptx", PPTX, place)
        _download(here, "workbook", lambda: _workbook(here, row, over, klass), f"{name}.xlsx", XLSX, place)


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
    words = over.plain.with_names(without_people(over.plain.formatter.names, over.warehouse.model))
    results = results_of(fresh, over.run_aside, listed=_listed(here, over))
    data = datasets.names(here.settings, here.plain, here.user).get(over.dataset, "")
    return Told(row=fresh, results=results, words=words, taxonomy=here.taxonomy, model=over.warehouse.model,
                data=data, klass=klass, made=date.today())  # fmt: skip


def _listed(here: Frame, over: Context) -> tuple[str, ...]:
    """Reasons that management has on its list, asked without a page."""
    store, warehouse = here.store(), over.warehouse
    named = (value for name in warehouse.model.reasons for value in warehouse.members(name))
    return listed_reasons(named, store.issues(here.user), store.plans(here.user), here.taxonomy)
