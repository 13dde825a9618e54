"""The contrast page's choices: what is compared with what, on which measure, by which test, and what would matter.

Every choice is a code in the address. Those of the deeper levels stay in force at the basic depth once they are made,
because a depth changes how much is shown and never a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from analysis.contrast import contrast
from analysis.contrast.question import METHODS, TARGET
from analysis.result import Result
from data_access.semantics import Level
from data_access.statement import Problem
from data_access.warehouse import Warehouse
from pages.frame import address, open_data
from pages.frame.context import Context
from pages.frame.data_key import DataKey
from pages.frame.sidebar import BLANK
from pages.words.further_tables import source_name

QUESTIONS = ("groups", "rest", "period", "target", "benchmark")
ALL, ADVISED, NONE = "all", "advised", "none"
LARGEST = 1e6


def choose(here: Context) -> tuple[Context, dict[str, Any]]:
    """Draw the choices. Answers with the context of the measure chosen and the options of the analysis."""
    first, second, third = (st.container(horizontal=True, vertical_alignment="bottom") for _ in range(3))
    with first:
        asking = st.container(width="content")
        here.choose_depth()
    with third:
        here = _choose_measure(here)
    with asking:
        kind = _choose_question(here)
    with second:
        by = _choose_cut(here, kind)
        options = {"question": kind, "by": by, **_choose_other_side(here, kind, by)}
    with third:
        options |= _choose_method(here) | _choose_fairness(here, by)
    return here, {name: value for name, value in options.items() if name == "by" or value not in ("", None, ())}


def ask(here: Context, asked: dict[str, Any]) -> Result:
    """The contrast; a test that does not go with the question is explained, and the advised one takes its place."""
    try:
        return here.run(contrast, **asked)
    except Problem as problem:
        key = f"contrast_page.unfit.{problem.statement.key.removeprefix('contrast.')}"
        if "method" not in asked or not here.words.has(key):
            raise
        test = here.text(f"contrast_page.method.{asked['method']}")
        st.warning(here.text(key, **{**problem.statement.values, "test": test}), icon=":material/info:")
        return here.run(contrast, **{name: value for name, value in asked.items() if name != "method"})


def _choose_question(here: Context) -> str:
    """Only what these data can answer."""
    offered = _offered(here)
    key = here.key("ask")
    address.take("ask", key, lambda values: values[0] if values[0] in offered else None)
    if st.session_state.get(key) not in offered:
        st.session_state[key] = offered[0]
    st.segmented_control(
        here.text("option.ask"), offered, key=key, required=True, persist_state="session",
        label_visibility="collapsed", format_func=lambda code: here.text(f"contrast_page.ask.{code}"),
    )  # fmt: skip
    chosen = str(st.session_state[key])
    address.write("ask", chosen)
    return chosen


def _offered(here: Context) -> list[str]:
    possible = {
        "groups": bool(here.cuts()),
        "rest": bool(here.cuts()),
        "period": here.selection.period is not None and here.selection.baseline is not None,
        "target": True,
        "benchmark": bool(_sources(here)),
    }
    return [name for name in QUESTIONS if possible[name]]


def _sources(here: Context) -> list[str]:
    return list(dict.fromkeys(_benchmarks(here.data_key, here.selection.metric, here.warehouse)["source"]))


@st.cache_data(ttl=600, max_entries=64, show_spinner=False)
def _benchmarks(key: DataKey, metric: str, _warehouse: Warehouse) -> pd.DataFrame:
    return _warehouse.benchmarks(metric)


def _choose_cut(here: Context, kind: str) -> tuple[str, ...]:
    """The dimension, or everything together where the question stands without one."""
    cuts = here.cuts()
    whole = kind not in ("groups", "rest")
    options = [ALL, *cuts] if whole else cuts
    usual = ALL if whole else "business" if "business" in cuts else cuts[0]
    chosen = here.choose("by", options, usual, lambda code: _cut_name(here, code))
    return () if chosen == ALL else (chosen,)


def _cut_name(here: Context, code: str) -> str:
    return here.text("contrast_page.together") if code == ALL else here.names.of_dimension(code)


def _choose_other_side(here: Context, kind: str, by: Sequence[str]) -> Mapping[str, Any]:
    if kind == "rest":
        return {"segment": _choose_segment(here, by[0])}
    if kind == "target":
        return {"against": _choose_target(here)}
    if kind == "benchmark":
        names = _sources(here)
        return {"against": here.choose("against", names, names[0], lambda code: source_name(code, here.words))}
    return {}


def _choose_segment(here: Context, by: str) -> tuple[str | None, ...] | None:
    allowed = here.selection.values_of(by)
    members = [m for m in open_data.members(here.data_key, by, here.warehouse) if allowed is None or m in allowed]
    codes = {BLANK if member is None else member: member for member in members}
    chosen = here.choose("segment", [ALL, *codes], ALL, lambda code: (
        here.text("contrast_page.each") if code == ALL else here.words.show(codes[code], "name", dimension=by)
    ), label=here.text("contrast_page.one"))  # fmt: skip
    return None if chosen == ALL else (codes[chosen],)


def _choose_target(here: Context) -> str:
    """A number, or the word for what the targets table holds; without either, the table's whole and a hint."""
    own = here.targets.get(here.selection.metric)
    label = here.text("option.against_target", unit=here.text(f"unit.{here.metric.unit}"))
    value = number(here, "against", label, usual=own, name=f"target.{here.selection.metric}",
                   least=-LARGEST, named={TARGET: own})  # fmt: skip
    return "" if value is None else TARGET if value == own else f"{value:g}"


def _choose_measure(here: Context) -> Context:
    """A driver in the metric's place: a wait or a handling time asks the same question."""
    drivers = [name for name, d in here.warehouse.model.drivers.items() if d.level is Level.INTERVAL]
    drivers = [name for name in drivers if name not in here.warehouse.model.metrics]
    if not drivers or not _wanted(here, "measure", NONE):
        return here
    chosen = here.choose("measure", [NONE, *drivers], NONE, lambda code: (
        here.names.of_dimension(here.selection.metric if code == NONE else code)
    ))  # fmt: skip
    if chosen == NONE:
        return here
    return replace(here, selection=replace(here.selection, metric=chosen))


def _choose_method(here: Context) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if _wanted(here, "method", ADVISED):
        method = here.choose("method", [ADVISED, *METHODS], ADVISED, lambda c: here.text(f"contrast_page.method.{c}"))
        chosen["method"] = "" if method == ADVISED else method
    if _wanted(here, "matters", None):
        label = here.text("option.matters", unit=here.text(f"contrast_page.gap.{here.metric.unit}"))
        chosen["threshold"] = number(here, "matters", label, usual=None, name="matters", least=0.001)
    return chosen


def _choose_fairness(here: Context, by: Sequence[str]) -> dict[str, Any]:
    """Dimensions whose mix is held alike, and by which effort their strata weigh."""
    cuts = [name for name in here.cuts() if name not in by]
    if not cuts or not _wanted(here, "alike", []):
        return {}
    key = here.key("alike")
    address.take("alike", key, lambda values: [v for v in values if v in cuts] or None)
    st.session_state[key] = [name for name in st.session_state.get(key, []) if name in cuts]
    chosen = st.multiselect(
        here.text("option.alike"), cuts, key=key, persist_state="session", select_all=False, width=300,
        placeholder=here.text("contrast_page.no_mix"), format_func=here.names.of_dimension,
    )  # fmt: skip
    address.write("alike", *chosen)
    drivers = [name for name, d in here.warehouse.model.drivers.items() if d.level is Level.INTERVAL]
    if not chosen or not drivers:
        return {"alike": tuple(chosen)}
    effort = here.choose("complexity", [NONE, *drivers], NONE, lambda code: (
        here.text("contrast_page.unweighed") if code == NONE else here.names.of_dimension(code)
    ))  # fmt: skip
    return {"alike": tuple(chosen), "complexity": "" if effort == NONE else effort}


def _wanted(here: Context, name: str, usual: object) -> bool:
    """Whether a choice of the deeper levels is drawn: there, or when somebody has made it."""
    asked = name in st.session_state[address.ARRIVED]
    return here.at_least("intermediate") or asked or st.session_state.get(here.key(name), usual) != usual


def number(
    here: Context, parameter: str, label: str, *, usual: float | None, name: str, least: float,
    named: Mapping[str, float | None] = MappingProxyType({}),
) -> float | None:  # fmt: skip
    """A number that is part of the link; empty for none. `name` tells the session's keys apart.

    named: words a link may give instead of a number.
    """
    key = here.key(name)
    address.take(parameter, key, lambda values: named.get(values[0]) or _number_from(values[0], least))
    st.session_state.setdefault(key, usual)
    value = st.number_input(
        label, least, LARGEST, step=0.5, key=key, width=290, placeholder=here.text("contrast_page.usual"),
        persist_state="session", format="%g",
    )  # fmt: skip
    if value is None:
        return None
    address.write(parameter, f"{value:g}")
    return float(value)


def _number_from(text: str, least: float) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if least <= found <= LARGEST else None
