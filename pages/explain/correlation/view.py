"""The correlation page's parts: which columns, the matrix of all pairs, and one pair looked at closely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.association import association
from analysis.pair import pair
from analysis.result import Result
from analysis.stats.association import UNSIGNED
from data_access.semantics import Level
from pages import charts
from pages.explain.correlation import pair as pair_view
from pages.frame import linked_choices
from pages.frame.context import Context
from pages.report import report
from pages.report.further_table import part
from pages.words import pair_words
from pages.words.further_tables import has

SURE = 0.05
MOST_DRAWN = 12  # columns of the matrix above the advanced depth
ALL, NONE = "all", "none"
MARKS, LOOKED_AT = "correlation.mark", "correlation.columns"


def choose(here: Context) -> dict[str, Any]:
    """The depth and a preset of the model; deeper down, without a preset, the columns and whose means they are."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        here.choose_depth()
        preset = _preset(here)
    if preset != ALL:
        return {"preset": preset}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        columns = linked_choices.several(here, "columns", offered(here), label=here.text("correlation_page.columns"),
                                   nothing=here.text("correlation_page.all_columns"))  # fmt: skip
        of = _unit(here)
    return {name: chosen for name, chosen in (("columns", columns), ("of", of)) if chosen}


def offered(here: Context) -> list[str]:
    """All that can stand in a pair: metrics, drivers, and dimensions whose members do not overlap."""
    model = here.warehouse.model
    return list(dict.fromkeys([*model.metrics, *model.drivers, *here.cuts()]))


def _preset(here: Context) -> str:
    presets = here.warehouse.model.presets
    if not presets:
        return ALL
    return here.choose("preset", [ALL, *presets], ALL, lambda code: (
        presets[code].labels.get(here.words.language) if code != ALL else here.text("correlation_page.own")
    ), label=here.text("correlation_page.preset"))  # fmt: skip


def _unit(here: Context) -> str:
    """Contacts, or the members of a dimension by their means."""
    key = here.key("of")
    if not here.at_least("intermediate") and st.session_state.get(key, NONE) == NONE:
        return ""
    cuts = [name for name in here.cuts() if here.warehouse.model.dimension(name).level is not Level.INTERVAL]
    chosen = here.choose("of", [NONE, *cuts], NONE, lambda code: (
        here.names.of_dimension(code) if code != NONE else here.text("correlation_page.contacts")
    ), label=here.text("correlation_page.of"))  # fmt: skip
    return "" if chosen == NONE else chosen


def ask(here: Context, asked: dict[str, Any]) -> Result:
    return here.run(association, **asked)


def matrix_of(here: Context, result: Result) -> go.Figure:
    """The columns that say most, neighbours where they go together."""
    drawn = _drawn(here, result)
    table = result.table[result.table["x"].isin(drawn) & result.table["y"].isin(drawn)]
    names = {code: pair_words.column_name(code, here.plain) for code in drawn}
    pairs = table.assign(
        key=table["x"] + "|" + table["y"], signed=~table["coefficient"].isin(UNSIGNED),
        sure=table["p_adjusted"] < SURE,
        words=pair_words.coefficients(table, here.plain),
    )  # fmt: skip
    return charts.matrix(pairs, [(code, names[code]) for code in drawn], look=here.look)


def _drawn(here: Context, result: Result) -> list[str]:
    """Columns in the order of the matrix: at most so many, those that go most with the metric, or with any other."""
    order = [str(code) for code in result.parts["order"].sort_values("place")["column"]]
    if here.at_least("advanced") or len(order) <= MOST_DRAWN:
        return order
    sure = result.table[result.table["p_adjusted"] < SURE]
    with_metric = sure[(sure["x"] == result.metric) | (sure["y"] == result.metric)]
    strength = [_strongest(part) for part in (with_metric, sure)]
    ranked = sorted(order, key=lambda c: (c != result.metric, *(-found.get(c, 0.0) for found in strength)))
    return [code for code in order if code in ranked[:MOST_DRAWN]]


def _strongest(pairs: pd.DataFrame) -> dict[str, float]:
    """The strongest coefficient of each column, whatever its sign."""
    ends = pd.concat(
        [pairs[["x", "value"]].set_axis(["c", "v"], axis=1), pairs[["y", "value"]].set_axis(["c", "v"], axis=1)]
    )
    return ends["v"].abs().groupby(ends["c"]).max().to_dict()  # type: ignore[no-any-return]


def choose_pair(here: Context, result: Result, clicked: str | None, row: int | None) -> tuple[str, str]:
    """The pair looked at: clicked in the matrix, chosen in the table or by name; part of the link."""
    codes, first = _pairable(here, result), _ends(result, *_first(result))
    _forget(here, result)
    table = result.table
    chosen = f"{table['x'][row]}|{table['y'][row]}" if row is not None and row < len(table) else None
    for place, mark in (("chart", clicked), ("table", chosen)):
        for name, half in zip("xy", _ends(result, *(mark.split("|") if mark else ("", ""))), strict=True):
            linked_choices.take_mark(here, f"{MARKS}.{place}.{name}", half, codes, name=name)
    x = here.choose("x", codes, first[0], here.names.of_dimension, label=here.text("correlation_page.x"))
    rest = [code for code in codes if code != x]
    default = first[1] if first[1] in rest else rest[0]
    return x, here.choose("y", rest, default, here.names.of_dimension, label=here.text("correlation_page.y"))


def _forget(here: Context, result: Result) -> None:
    """Other columns to look at, another pair and another split: what was chosen among the old ones is theirs."""
    now = {name: result.options[name] for name in ("columns", "of", "preset")}
    before, st.session_state[LOOKED_AT] = st.session_state.get(LOOKED_AT, now), now
    compared = set(result.parts["columns"]["column"])
    if now == before:
        return
    kept = compared >= {st.session_state.get(here.key(side)) for side in "xy"}
    for name in ("within",) if kept else ("x", "y", "within"):
        st.session_state.pop(here.key(name), None)


def _pairable(here: Context, result: Result) -> list[str]:
    """Columns of the matrix first, then all others that could be looked at; of members only numbers."""
    compared = [str(code) for code in result.parts["columns"]["column"]]
    more = [code for code in offered(here) if not result.options["of"] or code not in here.warehouse.model.cuts]
    return list(dict.fromkeys([*compared, *more]))


def _first(result: Result) -> tuple[str, str]:
    """The pair that is told of; without evidence for any, the one of most contacts, with the metric if it is in."""
    if result.statistics["top_x"]:
        return result.statistics["top_x"], result.statistics["top_y"]
    table = result.table
    with_metric = table[(table["x"] == result.metric) | (table["y"] == result.metric)]
    most = (table if with_metric.empty else with_metric).sort_values("n", kind="stable").iloc[-1]
    return str(most["x"]), str(most["y"])


def _ends(result: Result, x: str, y: str) -> tuple[str, str]:
    """Both columns of a pair, the metric as what answers."""
    return (y, x) if x == result.metric else (x, y)


def closely(here: Context, asked: dict[str, Any], x: str, y: str, within: str) -> None:
    """One pair: its sentence and picture, and deeper down whether it holds within parts and held fixed."""
    result = report.attempt(here, pair, x=x, y=y, within=within, **{n: v for n, v in asked.items() if n != "columns"})
    if result is None:
        return
    report.answer(here, result)
    pair_view.picture(here, result)
    if here.at_least("intermediate"):
        report.table(here, result)
    pair_view.deeper(here, result)
    report.keep(here, result, "pair")


def choose_within(here: Context, asked: dict[str, Any], taken: Sequence[str]) -> str:
    """By what the pair is split: what the preset says, or any dimension; nothing at basic depth without a preset."""
    preset = asked.get("preset", "")
    if asked.get("of") or (preset and here.warehouse.model.presets[preset].of):
        return ""  # means of members have no parts
    own = here.warehouse.model.presets[preset].within if preset else ()
    options = [name for name in dict.fromkeys([*own, *here.cuts()]) if name not in taken]
    first = next((name for name in own if name in options), NONE)
    key = here.key("within")
    if not here.at_least("intermediate") and st.session_state.get(key, first) == first:
        return "" if first == NONE else first
    chosen = here.choose("within", [NONE, *options], first, lambda code: (
        here.names.of_dimension(code) if code != NONE else here.text("correlation_page.undivided")
    ), label=here.text("correlation_page.within"))  # fmt: skip
    return "" if chosen == NONE else chosen


def deeper(here: Context, result: Result) -> None:
    """Columns that say the same; what a blank counts as; what could not be compared."""
    for name in ("duplicates", "columns", "left_out") if here.at_least("advanced") else ("duplicates",):
        if here.at_least("intermediate") and has(result, name):
            part(here, result, name)
