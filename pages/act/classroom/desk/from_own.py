"""A case on data of one's own: its story, and the reference that the instructor writes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from data_access.frozen import freeze
from data_access.selection import Filter, Period
from data_access.statement import Problem
from data_access.workshop.field_rules import NO_GAP
from pages.act.classroom.desk import own_fields
from pages.act.classroom.desk.fields import about, place
from pages.act.classroom.desk.material import Material, Prepare, Tell
from pages.act.classroom.desk.own_case import Written, case_of, key_of
from pages.frame import class_datasets, datasets, kept, open_data, periods
from pages.frame.context import Context, Frame
from pages.record import record_words as say
from pages.words.one_line import told_apart
from pages.words.options import code_of, member_of

LONG, SHORT = 160, 90
LONGEST_FIELD = 40  # signs of the name by which a draft is found again
CODED = ("cause_type", "gap", "system", "power")
Chosen = tuple[tuple[Filter, ...], bool]


def choose(here: Frame) -> Prepare | None:
    """None while the data cannot be opened; the reason is said in the place of the form."""
    there = _data(here)
    if there is None:
        return None
    both = st.toggle(here.text("desk.own.both"), key="desk.own_both")
    texts: own_fields.Texts = {}
    own_fields.write(here, texts, "title", both=both)
    own_fields.write(here, texts, "story", both=both, height=LONG)
    period = _period(here, there)
    segment, nothing = _truth(here, there)
    with st.expander(here.text("desk.own.more"), icon=":material/edit_note:", key="desk.own_more"):
        st.caption(here.text("desk.own.more_note"))
        own_fields.write(here, texts, "hints", both=both, height=SHORT)
        codes = _reference(here, texts, both)
        remedies = _remedies(here)
        for name in ("lift", "check"):
            own_fields.write(here, texts, name, both=both)
        st.markdown(f"**{here.text('desk.own.tradeoffs')}**")
        own_fields.rows(here, texts, ("option", "gain", "cost"), both=both)
    written = Written(texts=texts, segment=segment, nothing=nothing, codes=codes, remedies=remedies,
                      period=period, baseline=period and period.previous())  # fmt: skip
    return partial(_prepared, there, written)


def _data(here: Frame) -> Context | None:
    named = datasets.names(here.settings, here.words, here.user)
    options = {id: name for id, name in named.items() if not class_datasets.is_class(id)}
    chosen = str(st.selectbox(
        here.text("desk.own.data"), list(options), format_func=lambda id: options.get(id, id),
        **kept.options(here, about("own.data", next(iter(options))), place("own.data")),
    ))  # fmt: skip
    asking = replace(here, asks=True)
    try:
        return datasets.over(asking, chosen, datasets.opened(asking, chosen))
    except Problem as problem:
        st.warning(here.say(problem.statement), icon=":material/database_off:")
        return None


def _period(here: Frame, there: Context) -> Period | None:
    """The month with which the participants' pages begin, compared with the one before; None: all data."""
    calendar = open_data.calendar(there)
    if calendar is None:
        return None
    chosen = str(st.selectbox(
        here.text("desk.own.period"), [*calendar.months, periods.ALL], width=340,
        format_func=lambda code: here.plain.show(calendar.period(code, (calendar.first, calendar.last)), "period"),
        **kept.options(here, about("own.period", calendar.usual), place("own.period")),
    ))  # fmt: skip
    return calendar.period(chosen, (calendar.first, calendar.last))


def _truth(here: Frame, there: Context) -> Chosen:
    """The right answer: a segment, or that nothing has really changed."""
    nothing = bool(st.toggle(here.text("desk.own.nothing"), **kept.options(here, about("own.nothing", False),
                                                                         place("own.nothing"))))  # fmt: skip
    if nothing:
        return (), True
    model = there.warehouse.model
    names = st.multiselect(here.text("desk.own.dimensions"), list(dict.fromkeys((*model.offered, *model.reasons))),
                           format_func=there.names.of_dimension, help=here.text("desk.own.dimensions_help"),
                           **kept.options(here, about("own.dimensions", []), place("own.dimensions")))  # fmt: skip
    parts = (_part(here, there, name) for name in names)
    return tuple(part for part in parts if part.values), False


def _part(here: Frame, there: Context, name: str) -> Filter:
    options = [code_of(member) for member in open_data.members(there, name)]

    def shown(code: str) -> str:
        return there.plain.show(member_of(code), "name", dimension=name)

    chosen = st.multiselect(
        there.names.of_dimension(name), options, format_func=told_apart(options, shown),
        **kept.options(here, about(f"own.in.{name}"[:LONGEST_FIELD], []), place(f"own.in.{name}")),
    )  # fmt: skip
    return Filter(name, tuple(member_of(code) for code in chosen))


def _reference(here: Frame, texts: own_fields.Texts, both: bool) -> dict[str, str]:
    """The model answer up to the owner of the cause."""
    for name in ("problem", "location"):
        own_fields.write(here, texts, name, both=both)
    st.markdown(f"**{here.text('desk.own.chain')}**")
    own_fields.rows(here, texts, ("why", "shown"), both=both)
    codes = {}
    for name, column in zip(CODED, st.columns(len(CODED)), strict=True):
        known = [entry.code for entry in say.entries(here, name)] + ([NO_GAP] if name == "gap" else [])
        with column:
            codes[name] = own_fields.code(here, name, known, {code: say.label(here, name, code) for code in known})
    own_fields.write(here, texts, "gap_why", both=both)
    return codes


def _remedies(here: Frame) -> tuple[str, ...]:
    known = {entry.code: entry.label(here.words.language) for entry in here.taxonomy.remedies}
    return tuple(st.multiselect(here.text("desk.own.remedies"), list(known), format_func=lambda code: known[code],
                                **kept.options(here, about("own.remedies", []), place("own.remedies"))))  # fmt: skip


def _prepared(there: Context, written: Written) -> Material:
    model = datasets.model_text(there, there.dataset)

    def frozen(place: Path, tell: Tell) -> str:
        return freeze(there.user, there.warehouse, model, place, progress=tell)

    return Material(case_of(written), key_of(written), frozen)
