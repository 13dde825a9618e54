"""What the contrast page draws: the forest with its verdicts, and by depth the test, pairs, shapes and league."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.contrast.verdicts import MATTERS, ORDER
from analysis.result import Result
from pages import charts
from pages.charts.look import Verdict
from pages.frame.context import Context
from pages.report import report
from pages.report.further_table import part
from pages.words.format import sentences
from pages.words.further_tables import has
from pages.words.methods.contrast import side_name


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


def _through_mix(pairs: pd.DataFrame) -> pd.Series:
    """Differences that go with whom a group serves: nobody is marked for those."""
    return pairs["mix"] != "" if "mix" in pairs else pd.Series(False, index=pairs.index)


def forest_of(here: Context, result: Result) -> go.Figure:
    """Scores of the groups around their mean; for any other question the differences themselves."""
    if result.statistics["question"] == "groups" and len(result.table) > 2:
        return _scores(here, result)
    return _differences(here, result)


def _scores(here: Context, result: Result) -> go.Figure:
    s, table = result.statistics, result.table
    known = table[table["score"].notna()]
    mean = float(np.average(known["score"], weights=known["share"]))  # the line is drawn, the number is in no table
    verdicts = [_against_others(here, result, segment) for segment in table["segment"]]
    rows = pd.DataFrame({
        "label": _labels(here, result, table["segment"]), "n": table["n"], "value": table["score"],
        "low": table["low"], "high": table["high"], "verdict": [v for v, _ in verdicts],
        "words": [words for _, words in verdicts], "key": range(len(table)),
    })  # fmt: skip
    look = here.look
    label = look.text("forest.mean", value=look.level(mean), threshold=look.level(s["threshold"]))
    return charts.forest(
        _most_important_first(here, rows), look=look, reference=mean, threshold=s["threshold"], reference_label=label
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
    rows = pd.DataFrame({
        "label": [_pair_name(here, result, a, b) for a, b in zip(pairs["a"], pairs["b"], strict=True)],
        "n_a": pairs["n_a"], "n_b": pairs["n_b"], "value": pairs["difference"], "low": pairs["low"],
        "high": pairs["high"], "verdict": verdicts, "key": range(len(pairs)),
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


def _labels(here: Context, result: Result, segments: pd.Series) -> list[str]:
    return [side_name(segment, result, here.plain) for segment in segments]


def distribution_of(here: Context, result: Result) -> go.Figure:
    """How the answers of the groups fell, a row each; of two periods two rows each."""
    cells = result.parts["distribution"]
    places = {segment: place for place, segment in enumerate(result.table["segment"])}
    cells = cells.assign(place=cells["segment"].map(places)).sort_values(["place", "group"], kind="stable")
    cells["s"] = cells.groupby(["place", "group"], sort=False).ngroup()
    first = cells.groupby("s").first()
    means = cells.groupby("s").apply(lambda c: float((c["value"] * c["share"]).sum()), include_groups=False)
    now, before = here.plain.periods(here.selection.period, here.selection.baseline)
    names = _labels(here, result, first["segment"])
    if (first["group"] == "baseline").any():
        when = [before if group == "baseline" else now for group in first["group"]]
        names = [
            f"{name} · {period}" if first["segment"].nunique() > 1 else period
            for name, period in zip(names, when, strict=True)
        ]
    groups = pd.DataFrame({"label": names, "n": cells.groupby("s")["n"].sum(), "score": means})
    return charts.distribution(cells, groups, look=here.look)


def funnel_of(here: Context, result: Result) -> go.Figure:
    """Units within the limits that chance sets for their size."""
    league = result.parts["league"]
    known = league[league["score"].notna()]
    middle = float(np.average(known["score"], weights=known["n"]))
    return charts.funnel(league.assign(label=_labels(here, result, league["segment"])), look=here.look, mean=middle)


def months_of(here: Context, result: Result) -> go.Figure:
    return charts.months(result.parts["months"], look=here.look, threshold=result.statistics["threshold"])


def deeper(here: Context, result: Result) -> None:
    """What stands behind the answer, more of it the deeper the page."""
    if has(result, "ranks"):
        part(here, result, "ranks")
    if has(result, "fair"):
        part(here, result, "fair")
    if not here.at_least("intermediate"):
        return
    _test(here, result)
    part(here, result, "pairs")
    drawn = {"distribution": distribution_of, "league": funnel_of, "months": months_of}
    for name, figure in drawn.items():
        if has(result, name) and (name != "distribution" or not result.unit.is_share):
            st.markdown(f"#### {here.text(f'contrast_page.part.{name}')}")
            st.caption(here.text(f"contrast_page.note.{name}"))
            report.chart(here, figure(here, result), f"contrast.{name}")
    for name in ("league", "months"):
        if has(result, name):
            part(here, result, name, titled=False)
    if here.at_least("advanced"):
        _sensitivity(here, result)


def _test(here: Context, result: Result) -> None:
    """Which test and why, what it found, how large the effect is."""
    s = result.statistics
    st.markdown(f"#### {here.text('contrast_page.part.test')}")
    effect = {f"effect_{name}": value for name, value in s["effect"].items() if name != "size"}
    known = s["effect"]["value"] == s["effect"]["value"]
    key = "test" if s["p"] == s["p"] else "untested"
    paragraph = [here.text(f"contrast_page.{key}", test=here.text(f"contrast_page.method.{s['test']}"), p=s["p"])]
    if known:
        size = s["effect"]["size"]
        effect["effect_name"] = here.text(f"contrast_page.effect.{s['effect']['name']}")
        bounded = s["effect"]["low"] == s["effect"]["low"]
        paragraph.append(
            here.text(
                f"contrast_page.effect_{'bounded' if bounded else 'alone'}",
                **effect,
                size=here.text(f"contrast_page.size.{size}") if size else "",
            )
        )
    if result.how and result.how.assumptions:
        paragraph.append(here.say(result.how.assumptions[0]))
    st.markdown(sentences(paragraph))


def _sensitivity(here: Context, result: Result) -> None:
    """The assumptions looked at, the other tests, who did not answer, and how much could be seen."""
    for name in ("checks", "alternatives"):
        if has(result, name):
            part(here, result, name)
    s, lines = result.statistics, []
    if s.get("bound_low", np.nan) == s.get("bound_low", np.nan):
        lines.append(here.text("contrast_page.bounds", low=s["bound_low"], high=s["bound_high"], unit=result.unit))
    if s.get("detectable", np.nan) == s.get("detectable", np.nan):
        lines.append(here.text("contrast_page.power", detectable=s["detectable"], threshold=s["threshold"],
                              needed=s["needed_n"], unit=result.unit))  # fmt: skip
    if s.get("clusters"):
        lines.append(here.text("contrast_page.clusters", clusters=s["clusters"], n=s["n"], factor=s["design_effect"],
                              worth=s["effective_n"]))  # fmt: skip
    if lines:
        st.markdown(f"#### {here.text('contrast_page.part.sensitivity')}")
        st.markdown("  \n".join(lines))
