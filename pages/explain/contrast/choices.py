"""The contrast page's choices: what is compared with what, on which measure, by which test, and what would matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.contrast import contrast
from analysis.contrast.candidate_tests import overall_methods, pair_methods, paired_methods
from analysis.contrast.question import METHODS, TARGET, order_of
from analysis.result import Result
from data_access.semantics import Level
from data_access.statement import Problem
from pages.frame import address, open_data
from pages.frame.context import Context
from pages.frame.linked_choices import (
    choose,
    choose_beside,
    choose_depth,
    choose_number,
    choose_several,
    is_offered,
    usual_cut,
)
from pages.words.methods.contrast import source_name
from pages.words.options import code_of

QUESTIONS = ("groups", "rest", "period", "target", "benchmark")
ALL, ADVISED, NONE = "all", "advised", "none"
LARGEST = 1e6


def choose_contrast(here: Context) -> tuple[Context, dict[str, Any]]:
    """Draw the choices. Returns the context of the measure chosen and the options of the analysis."""
    first, second, third = (st.container(horizontal=True, vertical_alignment="bottom") for _ in range(3))
    with first:
        beside_depth = st.container(width="content")
        choose_depth(here)
    with third:
        here = _choose_measure(here)
    with beside_depth:
        question = _choose_question(here)
    with second:
        by = _choose_cut(here, question)
        options = {"question": question, "by": by, **_choose_other_side(here, question, by)}
    with third:
        options |= _choose_test(here, question, by) | _choose_standardisation(here, by)
    options |= {"deep": True} if here.at_least("intermediate") else {}
    return here, {name: value for name, value in options.items() if name == "by" or value not in ("", None, ())}


def run_chosen(here: Context, options: dict[str, Any]) -> Result:
    """The contrast; a test that does not go with the question is explained, and the advised one takes its place."""
    try:
        return here.run(contrast, **options)
    except Problem as problem:
        key = f"contrast_page.unfit.{problem.statement.key.removeprefix('contrast.')}"
        if "method" not in options or not here.words.has(key):
            raise
        values = {**problem.statement.values, "test": _test_name(here, options["method"])}
        st.warning(here.text(key, **values), icon=":material/info:")
        return here.run(contrast, **{name: value for name, value in options.items() if name != "method"})


def _choose_question(here: Context) -> str:
    """Only what these data can answer."""
    possible = {
        "groups": bool(here.cuts()),
        "rest": bool(here.cuts()),
        "period": here.selection.period is not None and here.selection.baseline is not None,
        "target": True,
        "benchmark": bool(_sources(here)),
    }
    offered = [name for name in QUESTIONS if possible[name]]
    return choose_beside(here, "ask", offered, lambda code: here.text(f"contrast_page.ask.{code}"))


def _sources(here: Context) -> list[str]:
    """Where benchmarks of the metric come from."""
    benchmarks = open_data.benchmarks(here)
    return list(dict.fromkeys(benchmarks["source"]))


def _choose_cut(here: Context, question: str) -> tuple[str, ...]:
    """The dimension, or everything together where the question stands without one."""
    whole = question not in ("groups", "rest")
    options = [ALL, *here.cuts()] if whole else here.cuts()

    def show(code: str) -> str:
        return here.text("contrast_page.together") if code == ALL else here.names.of_dimension(code)

    chosen = choose(here, "by", options, ALL if whole else usual_cut(options), show)
    return () if chosen == ALL else (chosen,)


def _choose_other_side(here: Context, question: str, by: Sequence[str]) -> Mapping[str, Any]:
    if question == "rest":
        return {"segment": _choose_segment(here, by[0])}
    if question == "target":
        return {"against": _choose_target(here)}
    if question == "benchmark":
        sources = _sources(here)
        return {"against": choose(here, "against", sources, sources[0], lambda code: source_name(code, here.words))}
    return {}


def _choose_segment(here: Context, by: str) -> tuple[str | None, ...] | None:
    """One group that stands against the rest; None for each in turn."""
    codes = {code_of(member): member for member in _members(here, by)}

    def show(code: str) -> str:
        return here.text("contrast_page.each") if code == ALL else here.words.show(codes[code], "name", dimension=by)

    chosen = choose(here, "segment", [ALL, *codes], ALL, show, label=here.text("contrast_page.one"))
    return None if chosen == ALL else (codes[chosen],)


def _members(here: Context, by: str) -> list[str | None]:
    """The groups of a dimension that the selection lets through."""
    allowed = here.selection.values_of(by)
    return [m for m in open_data.members(here, by) if allowed is None or m in allowed]


def _choose_target(here: Context) -> str:
    """A number, or the word for what the targets table holds; without either, the table's whole and a hint."""
    target = here.targets.get(here.selection.metric)
    value = choose_number(
        here,
        "against",
        label=here.text("option.against_target", unit=here.text(f"unit.{here.metric.unit}")),
        default=target,
        limits=(-LARGEST, LARGEST),
        nothing=here.text("contrast_page.usual"),
        kept_as=f"target.{here.selection.metric}",
        named={TARGET: target},
    )
    return "" if value is None else TARGET if value == target else f"{value:g}"


def _choose_measure(here: Context) -> Context:
    """A driver in the metric's place: a wait or a handling time asks the same question."""
    drivers = [name for name in _interval_drivers(here) if name not in here.warehouse.model.metrics]
    if not drivers or not is_offered(here, "measure", NONE):
        return here

    def show(code: str) -> str:
        return here.names.of_dimension(here.selection.metric if code == NONE else code)

    chosen = choose(here, "measure", [NONE, *drivers], NONE, show)
    return here if chosen == NONE else here.over(replace(here.selection, metric=chosen))


def _interval_drivers(here: Context) -> list[str]:
    return [name for name, driver in here.warehouse.model.drivers.items() if driver.level is Level.INTERVAL]


def _choose_test(here: Context, question: str, by: Sequence[str]) -> dict[str, Any]:
    """The test, and the difference that would matter."""
    options: dict[str, Any] = {}
    tests = _tests(here, question, by)
    if tests and is_offered(here, "method", ADVISED):
        test = choose(here, "method", [ADVISED, *tests], ADVISED, lambda code: _test_name(here, code))
        options["method"] = "" if test == ADVISED else test
    if is_offered(here, "matters", None):
        options["threshold"] = choose_number(
            here,
            "matters",
            label=here.text("option.matters", unit=here.text(f"contrast_page.gap.{here.metric.unit}")),
            default=None,
            limits=(0.001, LARGEST),
            nothing=here.text("contrast_page.usual"),
        )
    return options


def _tests(here: Context, question: str, by: Sequence[str]) -> list[str]:
    """Those that answer the question, and the one that a link asks for: its page says why it does not."""
    if question in ("target", "benchmark"):
        return []
    metric, model = here.metric, here.warehouse.model
    if question == "groups" and len(_members(here, by[0])) > 2:
        is_rate, ordered = metric.unit.is_share, order_of(model, by)
        known = overall_methods(is_rate=is_rate, clustered=bool(model.cluster), ordered=ordered)
    else:
        known = pair_methods(metric, clustered=bool(model.cluster))
    if question == "period" and not by and model.customer_id:
        known += paired_methods(metric)
    asked = {st.session_state.get(here.key("method")), *st.session_state[address.ARRIVED].get("method", ())}
    return [name for name in METHODS if name in (*known, *asked)]


def _test_name(here: Context, code: str) -> str:
    return here.text(f"contrast_page.method.{code}")


def _choose_standardisation(here: Context, by: Sequence[str]) -> dict[str, Any]:
    """Dimensions in whose mix the groups are made alike, and by which effort their strata weigh."""
    cuts = [name for name in here.cuts() if name not in by]
    if not cuts:
        return {}
    label, nothing = here.text("option.alike"), here.text("contrast_page.no_mix")
    alike = choose_several(here, "alike", cuts, label=label, nothing=nothing, width=300)
    drivers = _interval_drivers(here)
    if not alike or not drivers:
        return {"alike": alike}

    def show(code: str) -> str:
        return here.text("contrast_page.unweighed") if code == NONE else here.names.of_dimension(code)

    effort = choose(here, "complexity", [NONE, *drivers], NONE, show)
    return {"alike": alike, "complexity": "" if effort == NONE else effort}
