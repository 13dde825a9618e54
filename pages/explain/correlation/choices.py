"""The correlation page's choices: which columns or preset, whose means, the pair looked at and what splits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analysis.result import Result
from data_access.semantics import Level
from pages.frame import address, top
from pages.frame.context import Context
from pages.frame.linked_choices import choose, choose_depth, choose_several, is_offered
from pages.report import ways

ALL, NONE = "all", "none"
PAIR = "pair"  # the place of the page where the pair that is looked at is drawn
COMPARED = "correlation.columns"  # which columns the previous run compared


def choose_columns(here: Context) -> dict[str, Any]:
    """The depth and a preset of the model; deeper down, without a preset, the columns and whose means they are."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose_depth(here)
        preset = _choose_preset(here)
    if preset != ALL:
        return {"preset": preset}
    label, nothing = here.text("correlation_page.columns"), here.text("correlation_page.all_columns")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        columns = choose_several(here, "columns", _offered(here), label=label, nothing=nothing)
        of = _choose_unit(here)
    return {name: chosen for name, chosen in (("columns", columns), ("of", of)) if chosen}


def _offered(here: Context) -> list[str]:
    """All that can stand in a pair: metrics, drivers, and dimensions whose members do not overlap."""
    model = here.warehouse.model
    return list(dict.fromkeys([*model.metrics, *model.drivers, *here.cuts()]))


def _choose_preset(here: Context) -> str:
    presets = here.warehouse.model.presets
    if not presets:
        return ALL

    def show(code: str) -> str:
        return here.text("correlation_page.own") if code == ALL else presets[code].labels.get(here.words.language)

    return choose(here, "preset", [ALL, *presets], ALL, show, label=here.text("correlation_page.preset"))


def _choose_unit(here: Context) -> str:
    """Contacts, or the members of a dimension by their means."""
    if not is_offered(here, "of", NONE):
        return ""
    cuts = [name for name in here.cuts() if here.warehouse.model.dimension(name).level is not Level.INTERVAL]
    return _choose_or_none(here, "of", cuts, default=NONE, none="contacts")


def _choose_or_none(here: Context, name: str, cuts: Sequence[str], *, default: str, none: str) -> str:
    """One of the dimensions, or empty for none, called by the text `none`."""

    def show(code: str) -> str:
        return here.text(f"correlation_page.{none}") if code == NONE else here.names.of_dimension(code)

    chosen = choose(here, name, [NONE, *cuts], default, show, label=here.text(f"correlation_page.{name}"))
    return "" if chosen == NONE else chosen


def is_pair_asked(here: Context, result: Result) -> bool:
    """Whether a pair is looked at closely: always deeper down, else once one is chosen, or the button is pressed."""
    linked = any(side in st.session_state[address.ARRIVED] for side in "xy")
    if here.at_least("intermediate") or linked or here.key("x") in st.session_state:
        return True
    x, y = (here.names.of_dimension(code) for code in _ends(result, *_first(result)))
    return st.button(here.text("correlation_page.closely", x=x, y=y), icon=":material/search:", key="pair.closely")


def choose_closely(here: Context, options: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The options of the pair that is looked at."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x, y = choose_pair(here, result)
        within = choose_within(here, options, (x, y))
    unit = {name: value for name, value in options.items() if name != "columns"}
    return {"x": x, "y": y, "within": within, **unit}


def ways_on(here: Context, result: Result) -> list[ways.Way]:
    """From the strongest pair: the score along what goes with it, and how strongly all that does."""
    ends = [result.statistics["top_x"], result.statistics["top_y"]]
    other = next((end for end in ends if end and end != result.metric), "")
    if not other or result.metric not in ends:
        return []
    return [*ways.along(here, other), ways.Way("drivers", here.text("drivers.question"))]


@dataclass(frozen=True)
class Looking:
    """A click on a cell or the choice of a row looks at that pair closely."""

    here: Context
    result: Result

    def click(self, pair: str) -> None:
        ends, codes = _ends(self.result, *pair.split("|")), _pairable(self.here, self.result)
        if all(end in codes for end in ends):
            for name, end in zip("xy", ends, strict=True):
                st.session_state[self.here.key(name)] = end
            top.go_to(PAIR)

    def row(self, place: int | None) -> None:
        if place is not None:
            table = self.result.table
            self.click(f"{table['x'][place]}|{table['y'][place]}")


def choose_pair(here: Context, result: Result) -> tuple[str, str]:
    """The pair looked at: clicked in the matrix, chosen in the table or by name."""
    codes, (first_x, first_y) = _pairable(here, result), _ends(result, *_first(result))
    _forget_what_was_compared(here, result)
    x = choose(here, "x", codes, first_x, here.names.of_dimension, label=here.text("correlation_page.x"))
    others = [code for code in codes if code != x]
    default = first_y if first_y in others else others[0]
    return x, choose(here, "y", others, default, here.names.of_dimension, label=here.text("correlation_page.y"))


def _forget_what_was_compared(here: Context, result: Result) -> None:
    """Other columns to look at, another pair and another split: what was chosen among the old ones is theirs."""
    now = {name: result.options[name] for name in ("columns", "of", "preset")}
    before, st.session_state[COMPARED] = st.session_state.get(COMPARED, now), now
    if now == before:
        return
    still = set(result.parts["columns"]["column"]) >= {st.session_state.get(here.key(side)) for side in "xy"}
    for name in ("within",) if still else ("x", "y", "within"):
        st.session_state.pop(here.key(name), None)


def _pairable(here: Context, result: Result) -> list[str]:
    """Columns of the matrix first, then all others that could be looked at; of members only numbers."""
    compared = [str(code) for code in result.parts["columns"]["column"]]
    more = [code for code in _offered(here) if not result.options["of"] or code not in here.warehouse.model.cuts]
    return list(dict.fromkeys([*compared, *more]))


def _first(result: Result) -> tuple[str, str]:
    """The pair of the first finding; without evidence for any, that of most contacts, with the metric if it is in."""
    if result.statistics["top_x"]:
        return result.statistics["top_x"], result.statistics["top_y"]
    table = result.table
    with_metric = table[(table["x"] == result.metric) | (table["y"] == result.metric)]
    most = (table if with_metric.empty else with_metric).sort_values("n", kind="stable").iloc[-1]
    return str(most["x"]), str(most["y"])


def _ends(result: Result, x: str, y: str) -> tuple[str, str]:
    """Both columns of a pair, the metric as what answers."""
    return (y, x) if x == result.metric else (x, y)


def choose_within(here: Context, options: Mapping[str, Any], pair: Sequence[str]) -> str:
    """By what the pair is split: what the preset says, or any dimension; nothing at basic depth without a preset."""
    preset = options.get("preset", "")
    if options.get("of") or (preset and here.warehouse.model.presets[preset].of):
        return ""  # means of members have no parts
    preferred = here.warehouse.model.presets[preset].within if preset else ()
    cuts = [name for name in dict.fromkeys([*preferred, *here.cuts()]) if name not in pair]
    default = next((name for name in preferred if name in cuts), NONE)
    if not is_offered(here, "within", default):
        return "" if default == NONE else default
    return _choose_or_none(here, "within", cuts, default=default, none="undivided")
