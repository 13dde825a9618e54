"""Which data are open, what do they mean, and which others are there? And the three ways to data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd
import streamlit as st

from analysis.population import behind, counts_behind
from data_access.access import may_import
from data_access.metrics import Metric
from data_access.semantics import Dimension, SemanticModel
from data_access.statement import Problem
from data_access.workshop.tracing import CONFIGURED
from pages.data import correcting, importing, reading
from pages.data.sizes import height_of
from pages.frame import address, class_datasets, datasets, open_data
from pages.frame.context import Context, Frame
from pages.words.catalogue import Catalogue
from pages.words.names import Names

MEGABYTES, LEVEL = 200, 3
CONNECT = """export SATRACE_WAREHOUSE=postgresql://user@host/base
python -m data_access draft "$SATRACE_WAREHOUSE" > semantic.toml
export SATRACE_MODEL=semantic.toml
python app.py"""


def cards(here: Frame) -> None:
    """Three ways to data: the sample, a file of one's own, a warehouse."""
    sample, file, warehouse = st.columns([3, 4, 5])
    with sample.container(border=True, height="stretch"):
        st.markdown(f"## :material/explore: {here.text('data.card.sample')}")
        st.markdown(here.text("data.card.sample_other" if here.settings.warehouse else "data.card.sample_text"))
        if not here.settings.warehouse and st.button(
            here.text("data.card.sample_open"), key="data.sample", on_click=_switch, args=(CONFIGURED,)
        ):
            open_page("overview")
    with file.container(border=True, height="stretch"):
        st.markdown(f"## :material/upload_file: {here.text('data.card.file')}")
        _upload(here)
    with warehouse.container(border=True, height="stretch"):
        st.markdown(f"## :material/lan: {here.text('data.card.warehouse')}")
        st.markdown(here.text("data.card.warehouse_text"))
        st.code(CONNECT, language="bash", wrap_lines=True)


def _upload(here: Frame) -> None:
    if not may_import(here.user):
        st.markdown(here.text("data.card.may_not"))
        return
    st.markdown(here.text("data.card.file_text", most=MEGABYTES))
    upload = st.file_uploader(
        here.text("data.card.file_choose"),
        key=f"data.upload.{importing.round_of_uploads()}",
        max_upload_size=MEGABYTES,
        label_visibility="collapsed",
    )
    if upload is not None:
        importing.receive(here, upload, reading.progress(here))
        if importing.pending():
            st.rerun()
    failed = importing.failure()
    if failed:
        st.warning(reading.in_words(here, failed), icon=":material/error:")


def open_page(name: str) -> None:
    """Go to another page of the menu with all that is chosen; its hash is made of its address alone."""
    st.switch_page(st.Page(lambda: None, title=name, url_path=name), query_params=address.carried())


def arrived(here: Context) -> None:
    """After a file was confirmed: where to go now; to a change where two months can be compared."""
    if st.session_state.get(importing.DONE) != here.dataset:
        return
    st.info(here.text("data.done"), icon=":material/check_circle:")
    calendar = open_data.calendar(here)
    compared = calendar is not None and len(calendar.months) > 1
    with st.container(horizontal=True):
        for name in ("overview", "contribution", *(("change",) if compared else ())):
            if st.button(here.text(f"page.{name}"), key=f"data.to.{name}", icon=":material/arrow_forward:"):
                open_page(name)


def current(here: Context) -> None:
    """Name, size, days, version and coverage of the data that are open, and what their columns mean."""
    calendar = open_data.calendar(here)
    seen = open_data.coverage(here)
    name = datasets.names(here.settings, here.words, here.user)[here.dataset]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"## {here.text('data.open_now', name=name)}", width="content")
        _correct(here, here.dataset)
    facts = [here.text("data.rows", n=seen.contacts)]
    if calendar:
        facts.append(here.text("data.days", first=calendar.first, last=calendar.last))
    else:
        facts.append(here.text("data.no_days"))
    st.markdown(" · ".join([*facts, here.text("line.version", version=here.version)]))
    metric, counted = here.names.of_dimension(here.metric.name), behind(here.metric, counts_behind(seen))
    st.markdown(here.text("data.coverage", metric=metric, counted=counted, excluded=seen.excluded,
                          off=seen.out_of_scale))  # fmt: skip
    _model(here)


def _model(here: Context) -> None:
    st.markdown(f"### {here.text('data.model')}")
    if "dictionary" in here.pages:
        here.lead_to("dictionary", here.text("dictionary.lead_levels"))
    frame = model_table(here.warehouse.model, here.names, here.plain)
    if here.large:
        levels = frame.columns[LEVEL]
        st.table(frame.style.set_properties(subset=[levels], **{"white-space": "nowrap"}), border="horizontal",
                 hide_index=True)  # fmt: skip
    else:
        st.dataframe(
            frame,
            hide_index=True,
            key="data.model",
            placeholder="",
            alt=here.text("data.model"),
            height=height_of(len(frame), here),
        )
    with st.expander(here.text("data.toml"), icon=":material/code:", type="compact"):
        st.code(datasets.model_text(here, here.dataset), language="toml")


def model_table(model: SemanticModel, names: Names, words: Catalogue) -> pd.DataFrame:
    """The semantic model as people read it: a row per role, with name, column, level, blanks and more."""
    heads = [words.text(f"data.head.{name}") for name in ("part", "name", "column", "level", "missing", "more")]
    return pd.DataFrame([*_columns_of(model, words), *_entries(model, names, words)], columns=heads)


def _columns_of(model: SemanticModel, words: Catalogue) -> Iterator[tuple[str, ...]]:
    """Roles that one column plays at most."""
    time = model.time
    single = {
        "contact_id": model.contact_id,
        "customer_id": model.customer_id,
        "responded": model.responded,
        "excluded": model.excluded and model.excluded.column,
        "weight": model.weight and model.weight.column,
        "time": time and time.column,
        "loaded": time and time.loaded,
    }
    more = {"time": time.timezone if time else "", "customer_id": words.text("data.masked")}
    for part, column in single.items():
        if column:
            yield words.text(f"data.part.{part}"), "", column, "", "", more.get(part, "")


def _entries(model: SemanticModel, names: Names, words: Catalogue) -> Iterator[tuple[str, ...]]:
    language = words.language
    for m in model.metrics.values():
        part = "metric" if m.unit.is_share else "score"
        scale = _scale(m, words)
        codes = words.text("data.no_answer", values=m.missing) if m.missing else ""
        low = words.text("data.lower_better") if m.better == "low" else ""
        yield (
            words.text(f"data.part.{part}"),
            m.labels.get(language),
            "" if m.repeat else m.column,
            "",
            codes,
            " · ".join(filter(None, (scale, low))),
        )
    for d in model.dimensions.values():
        yield words.text("data.part.dimension"), *_cut(d, names, words)
    for driver in model.drivers.values():
        low = words.text("data.lower_better") if driver.better == "low" else ""
        codes = words.text("data.no_answer", values=driver.codes) if driver.codes else ""
        blank = " · ".join(filter(None, (words.text(f"data.missing.{driver.missing}"), codes)))
        level = words.text(f"data.level.{driver.level}")
        yield words.text("data.part.driver"), driver.labels.get(language), driver.column, level, blank, low
    for reason in model.reasons.values():
        name, columns, level, _, more = _cut(reason, names, words)
        yield words.text("data.part.reason"), name, columns, level, reason.not_stated, more


def _scale(metric: Metric, words: Catalogue) -> str:
    """The scale of a score, or the limit that makes a rate of it."""
    for limit, key, turned in ((metric.at_least, "at_least", "at_most"), (metric.at_most, "at_most", "at_least")):
        if limit is not None and metric.turned:  # a person knows the numbers of the column
            return words.text(f"data.{turned}", value=f"{metric.low + metric.high - limit:g}")
        if limit is not None:
            return words.text(f"data.{key}", value=f"{limit:g}")
    if metric.unit.is_share:
        return ""
    if metric.turned:
        return words.text("data.turned", low=f"{metric.low:g}", high=f"{metric.high:g}")
    return words.text("data.from_to", low=f"{metric.low:g}", high=f"{metric.high:g}")


def _cut(cut: Dimension, names: Names, words: Catalogue) -> tuple[str, ...]:
    """Name, columns, level, blanks and more of a dimension or a reason."""
    under = words.text("data.under", name=names.of_dimension(cut.under)) if cut.under else ""
    order = " < ".join(names(cut.name, value) for value in cut.order)
    several = words.text("data.several") if cut.overlaps else ""
    columns = cut.column or words.show([column for _, column in cut.columns], "names")
    blank = words.text("data.missing.no") if cut.columns else ""
    return (
        cut.labels.get(words.language),
        columns,
        words.text(f"data.level.{cut.level}"),
        blank,
        " · ".join(filter(None, (under, order, several))),
    )


def others(here: Frame) -> None:
    """The other data sets: work on one, or forget one that somebody brought."""
    called = datasets.names(here.settings, here.words, here.user)
    now = str(st.session_state.get("data", CONFIGURED))
    if len(called) == 1:
        return
    st.markdown(f"## {here.text('data.others')}")
    for id, name in called.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(here.text("data.is_open" if id == now else "data.is_there", name=name), width="stretch")
            if id != now:
                st.button(here.text("data.switch"), key=f"data.switch.{id}", on_click=_switch, args=(id,))
                _correct(here, id)
            if _may_change(here, id):
                _forget(here, id, name)


def to_correct(here: Frame) -> None:
    """Read the data set that is to be corrected, if one was asked for."""
    id = st.session_state.pop(importing.CORRECT, None)
    if id is not None:
        correcting.correct(here, datasets.library(here.settings, here.user).dataset(id), reading.progress(here))


def _correct(here: Frame, id: str) -> None:
    """Open the model of a data set that somebody brought, to correct it."""
    if not _may_change(here, id):
        return
    may = datasets.library(here.settings, here.user).dataset(id).may_correct(here.user)
    st.button(
        here.text("data.correct"), key=f"data.correct.{id}", icon=":material/edit:", disabled=not may,
        help=None if may else here.text("data.correct_whole"),
        on_click=partial(st.session_state.__setitem__, importing.CORRECT, id),
    )  # fmt: skip


def _may_change(here: Frame, id: str) -> bool:
    """Whether somebody may correct and delete a data set: whoever brought it, and an admin."""
    brought = id != CONFIGURED and not class_datasets.is_class(id)
    return brought and datasets.library(here.settings, here.user).dataset(id).may_change(here.user)


def _switch(id: str) -> None:
    st.session_state["data"] = id


def _forget(here: Frame, id: str, name: str) -> None:
    with st.popover(here.text("data.forget"), icon=":material/delete:", type="tertiary"):
        st.markdown(here.text("data.forget_sure", name=name))
        st.button(here.text("data.forget_yes"), key=f"data.forget.{id}", on_click=_gone, args=(here, id))


def _gone(here: Frame, id: str) -> None:
    try:
        datasets.library(here.settings, here.user).remove(id)
    except Problem as problem:  # somebody else was faster
        st.session_state[importing.FAILURE] = problem.statement
    if st.session_state.get("data") == id:
        st.session_state["data"] = CONFIGURED
