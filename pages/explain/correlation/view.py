"""The correlation page's pictures: what goes with the metric; deeper down all pairs and what stands behind them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.result import Result
from analysis.stats.coefficient_names import UNSIGNED
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.frame.context import Context
from pages.report.further_table import part
from pages.words import pair_words
from pages.words.further_tables import has

MOST_DRAWN = 12  # columns of the matrix above the advanced depth


def picture_of(here: Context, result: Result) -> go.Figure:
    """At basic depth what goes with the metric, in one column; else, and of columns without it, all pairs."""
    return matrix_of(here, result) if here.at_least("intermediate") else _with_metric(here, result)


def _with_metric(here: Context, result: Result) -> go.Figure:
    """The columns most related to the metric beyond chance, strongest first; of two that say the same only one."""
    table, metric = result.table, result.metric
    pairs = table[((table["x"] == metric) | (table["y"] == metric)) & (table["p_adjusted"] < SIGNIFICANCE)]
    if pairs.empty:
        return matrix_of(here, result)
    other = pairs["x"].where(pairs["y"] == metric, pairs["y"])
    pairs = pairs.assign(other=other).sort_values("value", key=abs, ascending=False, kind="stable")
    drawn = _distinct(pairs, result.parts["duplicates"]).head(charts.MOST_MARKS)
    rows = drawn.assign(
        label=[pair_words.column_name(code, here.plain) for code in drawn["other"]],
        key=drawn["x"] + "|" + drawn["y"],
        spec=[pair_words.spec_of(code) for code in drawn["coefficient"]],
        note=[here.plain.text(f"strength.{code}") for code in drawn["strength"]],
        turns=False,
    )
    return charts.coefficients(rows, look=here.look)


def _distinct(pairs: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """Without the columns that only repeat or divide up a stronger one."""
    alike = {frozenset(pair) for pair in zip(duplicates["x"], duplicates["y"], strict=True)}
    kept: list[str] = []
    for code in pairs["other"]:
        if not any(frozenset((code, stronger)) in alike for stronger in kept):
            kept.append(code)
    return pairs[pairs["other"].isin(kept)]


def matrix_of(here: Context, result: Result) -> go.Figure:
    """The columns that say most, neighbours where they are related."""
    drawn = _drawn(here, result)
    table = result.table[result.table["x"].isin(drawn) & result.table["y"].isin(drawn)]
    names = {code: pair_words.column_name(code, here.plain) for code in drawn}
    pairs = table.assign(
        key=table["x"] + "|" + table["y"],
        signed=~table["coefficient"].isin(UNSIGNED),
        significant=table["p_adjusted"] < SIGNIFICANCE,
        words=pair_words.coefficients(table, here.plain),
    )
    return charts.matrix(pairs, [(code, names[code]) for code in drawn], look=here.look)


def _drawn(here: Context, result: Result) -> list[str]:
    """Columns in the order of the matrix: at most so many, those most related to the metric, or to any other."""
    order = [str(code) for code in result.parts["order"].sort_values("place")["column"]]
    if here.at_least("advanced") or len(order) <= MOST_DRAWN:
        return order
    known = result.table[result.table["p_adjusted"] < SIGNIFICANCE]
    with_metric = known[(known["x"] == result.metric) | (known["y"] == result.metric)]
    strengths = [_strongest(pairs) for pairs in (with_metric, known)]
    ranked = sorted(order, key=lambda c: (c != result.metric, *(-strongest.get(c, 0.0) for strongest in strengths)))
    return [code for code in order if code in ranked[:MOST_DRAWN]]


def _strongest(pairs: pd.DataFrame) -> dict[str, float]:
    """The strongest coefficient of each column, whatever its sign."""
    ends = pd.concat([pairs.set_index(side)["value"] for side in "xy"]).abs()
    strongest: dict[str, float] = ends.groupby(level=0).max().to_dict()
    return strongest


def deeper(here: Context, result: Result) -> None:
    """Columns with the same information; what a blank counts as; what could not be compared."""
    for name in ("duplicates", "columns", "left_out") if here.at_least("advanced") else ("duplicates",):
        if here.at_least("intermediate") and has(result, name):
            part(here, result, name)
