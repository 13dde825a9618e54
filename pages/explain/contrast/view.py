"""What the contrast page shows first: the verdict as a chip, and the forest with the verdict of every row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.contrast.verdicts import MATTERS, ORDER
from analysis.result import Result
from pages import charts
from pages.charts.look import Verdict
from pages.frame.context import Context
from pages.report import ways
from pages.words.methods.contrast import side_name

# What stands beside the verdict when only one sentence does: what forbids to read it as it looks, else its evidence.
LEADS = tuple(f"contrast.{name}" for name in ("mix_", "fair_turned", "alone_it_would", "moved_with_rest", "evidence"))


def chip(here: Context, result: Result) -> str:
    """The verdict as sign, words and colour: coloured only when it is different and matters."""
    s = result.statistics
    pairs = result.parts["pairs"]
    through_mix = len(pairs) == 1 and bool(_through_mix(pairs).iloc[0])
    words = here.text(f"contrast_page.verdict.{'mix' if through_mix else s['verdict']}")
    if s["verdict"] != MATTERS or through_mix:
        return f":gray-badge[{words}]"
    turned = here.look.verdict(s["difference"]) if len(pairs) == 1 else "loss"
    return f":{'blue' if turned == 'gain' else 'orange'}-badge[{words}]"


def ways_on(here: Context, result: Result) -> list[ways.Way]:
    """To the reasons of the group that is worse, to what it loses, and to what changed there."""
    by = result.options["by"]
    where = ways.outlying(here, result)
    further = [way for name in by for way in (*ways.lost_by(here, name), *ways.change_of(here, name))]
    return [*ways.reasons_of(here, where), *further]


def _through_mix(pairs: pd.DataFrame) -> pd.Series:
    """Differences explained by whom a group serves: nobody is marked for those."""
    return pairs["mix"] != "" if "mix" in pairs else pd.Series(False, index=pairs.index)


def forest_of(here: Context, result: Result) -> go.Figure:
    """Scores of the groups around their mean; for any other question the differences themselves."""
    if result.statistics["question"] == "groups" and len(result.table) > 2:
        return _scores(here, result)
    return _differences(here, result)


def _scores(here: Context, result: Result) -> go.Figure:
    look, table, threshold = here.look, result.table, result.statistics["threshold"]
    known = table[table["score"].notna()]
    mean = float(np.average(known["score"], weights=known["share"]))  # the line is drawn, the number is in no table
    standings = [_against_others(here, result, segment) for segment in table["segment"]]
    rows = pd.DataFrame({
        "label": group_names(here, result, table["segment"]), "n": table["n"], "value": table["score"],
        "low": table["low"], "high": table["high"], "verdict": [verdict for verdict, _ in standings],
        "words": [words for _, words in standings], "key": range(len(table)),
    })  # fmt: skip
    return charts.forest(
        _most_important_first(here, rows),
        look=look,
        reference=mean,
        threshold=threshold,
        reference_label=look.text("forest.mean", value=look.level(mean), threshold=look.level(threshold)),
    )


def _against_others(here: Context, result: Result, segment: tuple[str | None, ...]) -> tuple[Verdict, str]:
    """How many groups one stands above and below for sure; without any, why not."""
    pairs = result.parts["pairs"]
    mine = pairs[(pairs["a"] == segment) | (pairs["b"] == segment)]
    if mine.empty:
        return "none", here.plain.text("chart.verdict.not_enough_evidence")
    clear = mine[(mine["verdict"] == MATTERS) & ~_through_mix(mine)]
    if clear.empty and _through_mix(mine).any():
        return "none", here.plain.text("chart.verdict.mix")
    if clear.empty:
        leading = next(v for v in ORDER if (mine["verdict"] == v).any())
        return "none", here.plain.text(f"chart.verdict.{leading}")
    steps = np.where(clear["a"] == segment, clear["difference"], -clear["difference"])
    above, below = int((steps > 0).sum()), int((steps < 0).sum())
    if len(mine) == 1 and clear["b"].iloc[0] == ("rest",):
        return here.look.verdict(steps[0]), _of_one(here, MATTERS, steps[0])
    key = "both" if above and below else "above" if above else "below"
    return here.look.verdict(above - below), here.plain.text(f"chart.verdict.{key}", above=above, below=below)


def _of_one(here: Context, verdict: str, difference: float) -> str:
    if verdict != MATTERS:
        return here.plain.text(f"chart.verdict.{verdict}")
    return here.plain.text("chart.verdict.lower" if difference < 0 else "chart.verdict.higher")


def _differences(here: Context, result: Result) -> go.Figure:
    pairs = result.parts["pairs"]
    codes = pairs["verdict"].mask(_through_mix(pairs), "mix")
    verdicts = [
        here.look.verdict(d) if v == MATTERS else "none" for d, v in zip(pairs["difference"], codes, strict=True)
    ]
    places = {segment: place for place, segment in enumerate(result.table["segment"])}
    rows = pd.DataFrame({
        "label": [_pair_name(here, result, a, b) for a, b in zip(pairs["a"], pairs["b"], strict=True)],
        "n_a": pairs["n_a"], "n_b": pairs["n_b"], "value": pairs["difference"], "low": pairs["low"],
        "high": pairs["high"], "verdict": verdicts, "key": [places.get(segment) for segment in pairs["a"]],
        "words": [_of_one(here, v, d) for d, v in zip(pairs["difference"], codes, strict=True)],
    })  # fmt: skip
    rows["n"] = rows[["n_a", "n_b"]].min(axis=1)
    return charts.forest_of_differences(
        _most_important_first(here, rows), look=here.look, threshold=result.statistics["threshold"]
    )


def _pair_name(here: Context, result: Result, a: tuple[str | None, ...], b: tuple[str | None, ...]) -> str:
    """Both names for a pair of groups; the group's alone where all stand against the same other side."""
    own, other = side_name(a, result, here.plain), side_name(b, result, here.plain)
    several = len(result.parts["pairs"]) > 1 and result.statistics["question"] != "groups"
    return own if several else here.plain.text("contrast_page.minus", a=own, b=other)


def _most_important_first(here: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """Of more rows than can be drawn, what surely matters first, then the worst."""
    if len(rows) <= charts.MOST_MARKS:
        return rows
    worst_first = here.metric.better == "high"
    ordered = rows.assign(known=rows["verdict"] != "none").sort_values(
        ["known", "value"], ascending=[False, worst_first], kind="stable"
    )
    return ordered.drop(columns="known")


def group_names(here: Context, result: Result, segments: pd.Series) -> list[str]:
    return [side_name(segment, result, here.plain) for segment in segments]
