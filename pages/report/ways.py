"""Where does an answer lead on to? Below it stand one to three links, to the next questions about what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from analysis.contrast.verdicts import MATTERS
from analysis.overview import overview
from analysis.result import Result
from analysis.stats.intervals import SIGNIFICANCE
from data_access.access import may_pin
from data_access.selection import Filter
from data_access.statement import Problem
from pages.frame import address, sidebar, top
from pages.frame.context import Context
from pages.frame.open_mark import Where
from pages.report import pinning
from pages.words import path_words
from pages.words.catalogue import Catalogue
from pages.words.links import FRAME, PAGES_OWN, parameter
from pages.words.options import code_of

MOST = 3
TITLE, NAMED = 60, 2  # letters of a title with all members of a segment, and how many a longer one names
SHOWN_AT = {"contribution": "reasons", "drivers": "driver"}  # the place of a page where what a link asks for is


@dataclass(frozen=True)
class Way:
    """A link to a page that asks for something there, and for some filters; on that page itself a button."""

    page: str
    label: str
    asked: Mapping[str, str] = field(default_factory=dict)
    filters: Where = ()

    def draw(self, here: Context, key: str) -> None:
        if self.page == here.page:
            st.button(self.label, icon=":material/arrow_forward:", type="tertiary", key=key,
                      on_click=self._follow, args=(here,))  # fmt: skip
        else:
            filters = {parameter(part.dimension): code_of(part.values[0]) for part in self.filters}
            here.lead_to(self.page, self.label, **self.asked, **filters)

    def _follow(self, here: Context) -> None:
        for name, code in self.asked.items():
            st.session_state[here.key(name)] = code
        sidebar.narrow(self.filters)
        top.go_to(SHOWN_AT[self.page])


def on(here: Context, ways: Sequence[Way], *, place: str = "answer") -> None:
    """The links side by side, none where the answer leads nowhere; `place` tells them from others on the page."""
    if ways:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            for number, way in enumerate(ways[:MOST]):
                way.draw(here, f"way.{place}.{number}")


def named(here: Context, where: Where) -> str:
    """A segment as the label of a link calls it."""
    return called(here.plain, where)


def called(words: Catalogue, where: Where) -> str:
    """A segment by its members; several of one dimension as a step of a path has them."""
    return " · ".join(_part(words, part) for part in where)


def _part(words: Catalogue, part: Filter) -> str:
    """The member, a span, or the first of many and how many others there are."""
    if len(part.values) == 1:
        return words.show({part.dimension: part.values[0]}, "name")
    said = path_words.step(words, part)
    if len(said) <= TITLE:
        return said
    first = path_words.step(words, replace(part, values=part.values[:NAMED]))
    return f"{first}, {words.text('chart.others', k=len(part.values) - NAMED)}"


def reasons_of(here: Context, where: Where) -> list[Way]:
    """The reasons inside a segment, where anybody was asked for reasons."""
    model = here.warehouse.model
    if not where or not model.reasons or not here.metric.survey or any(p.dimension in model.reasons for p in where):
        return []
    first, *others = where
    label = here.text("overview.to_reasons", segment=named(here, where))
    return [Way("contribution", label, _inside(first), tuple(others))]


def rest_of(here: Context, where: Where) -> list[Way]:
    """A segment against all others."""
    if not where:
        return []
    first, *others = where
    label = here.text("ways.rest", segment=named(here, where))
    return [Way("contrast", label, {"ask": "rest", **_inside(first)}, tuple(others))]


def change_of(here: Context, by: str) -> list[Way]:
    """What changed, by a dimension, where there is anything to compare with."""
    if here.selection.period is None or here.selection.baseline is None or by not in here.cuts():
        return []
    return [Way("change", here.text("overview.to_change", name=here.names.of_dimension(by)), {"by": by})]


def lost_by(here: Context, by: str) -> list[Way]:
    """Where points are lost, by a dimension."""
    if by not in here.cuts():
        return []
    return [Way("contribution", here.text("ways.lost", name=here.names.of_dimension(by)), {"by": by})]


def along(here: Context, driver: str) -> list[Way]:
    """The score along a driver, or what is lost by a dimension."""
    if driver in here.cuts():
        return lost_by(here, driver)
    if driver not in here.warehouse.model.drivers:
        return []
    return [Way("drivers", here.text("ways.along", name=here.names.of_dimension(driver)), {"driver": driver})]


def _inside(first: Filter) -> dict[str, str]:
    """The first condition of a segment as what a page looks at; the others are its filters."""
    return {"by": first.dimension, "segment": code_of(first.values[0])}


def leading(result: Result) -> Where:
    """The segment whose own score moved most for the worse or better, beyond chance; nothing where none did."""
    table = result.table
    known = table[(table["p_adjusted"] < SIGNIFICANCE) & (table["status"] == "both")]
    if known.empty:
        return ()
    segment = known.loc[known["total_effect"].abs().idxmax(), "segment"]
    return tuple(Filter(name, (member,)) for name, member in zip(result.options["by"], segment, strict=True))


def outlying(here: Context, result: Result) -> Where:
    """The worse side of the clearest difference that matters, where it is a group."""
    pairs, known = result.parts["pairs"], set(result.table["segment"])
    clear = pairs[pairs["verdict"] == MATTERS]
    if clear.empty or not result.options["by"]:
        return ()
    first = clear.iloc[0]
    worse = first["a"] if here.look.verdict(float(first["difference"])) == "loss" else first["b"]
    if worse not in known:
        return ()
    return tuple(Filter(name, (member,)) for name, member in zip(result.options["by"], worse, strict=True))


def down_to(here: Context, place: str, label: str) -> None:
    """A button that brings a place further down this page into view."""
    st.button(label, key=f"down.{place}", icon=":material/arrow_downward:", type="tertiary", on_click=top.go_to,
              args=(place,))  # fmt: skip


def trace_button(here: Context, where: Where, place: str) -> None:
    """A button that begins a trace at a segment, for those who may."""
    if may_pin(here.user) and st.button(here.text("ways.trace"), key=f"trace.{place}", icon=":material/route:"):
        _begin_trace(here.over(here.selection.within(where)), where)


def titled(inside: Context, where: Where, metric: str) -> str:
    """An issue by the segment that was clicked, and what is asked of it: no number, nothing that was found."""
    told = {"metric": inside.names.of_dimension(metric), "period": inside.selection.period}
    return inside.plain.text("ways.title", segment=named(inside, where), **told)[:120]


def _begin_trace(inside: Context, where: Where) -> None:
    """The issue whose path begins with this segment, opened at once; a new one where none does."""
    try:
        result = inside.run(overview)
        asked = pinning.asked(inside, result)
        title, asked = (titled(inside, where, result.metric), asked) if where else (asked, "")
        issue = pinning.begin(inside, pinning.pin_of(inside, result), title, asked=asked, once=True)
    except Problem as problem:
        st.warning(inside.say(problem.statement), icon=":material/info:")
        return
    st.session_state[pinning.OPEN_ISSUE] = st.session_state[pinning.LAST] = issue
    frame = FRAME - PAGES_OWN | {parameter(name) for name in inside.warehouse.model.filterable}
    kept = {name: values for name, values in address.carried().items() if name in frame}
    st.switch_page(inside.pages["trace"], query_params=kept)
