"""The bot in full: its indicators with their formulas, transfers by scenario, the nodes of a flow, hand-overs."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result, Unit
from analysis.service.bot.bot import bot
from analysis.service.bot.review import COMPARED
from analysis.service.rates import NEITHER, Ratio
from analysis.stats.intervals import SIGNIFICANCE
from data_access.selection import Filter
from pages import charts
from pages.charts import Look
from pages.frame.context import Context
from pages.frame.linked_choices import choose
from pages.frame.open_mark import Where, set_open
from pages.report import further_table, report, ways
from pages.report.marks import marks_of_members
from pages.words import further_tables
from pages.words.format import sentences

CONTEXT, TRANSFER = "handover_context", "bot_transfer"
OF_FLOW, OF_HANDOVER = ("bot.flow_exits", "bot.flow_transfers", "bot.flow_versions"), ("bot.handover", "bot.context")


def draw(here: Context, found: Result, name: str, by: str) -> None:
    """What a bot measure alone does not say; hand-overs below the measures of them."""
    for statement in found.findings:
        if statement.key == "bot.hollow":
            st.warning(here.say(statement), icon=":material/warning:")
    st.markdown(f"**{here.text('bot_page.stated', said=here.say(found.findings[0]))}**")
    st.caption(sentences(here.say(statement) for statement in found.caveats))
    further_table.part(here, found, "tree")
    if name != CONTEXT:
        _review(here, found)
        _flow(here, found, by)
    if name in (CONTEXT, TRANSFER):
        _handover(here, found)


def _say(here: Context, found: Result, keys: tuple[str, ...]) -> None:
    st.markdown(sentences(here.say(s) for s in found.findings if s.key.startswith(keys)))


def _review(here: Context, found: Result) -> None:
    """Transfers by scenario, and what recent versions changed; a click opens the scenario beside the page."""
    if not further_tables.has(found, "review"):
        return
    st.markdown(f"## {further_tables.title(found, 'review', here.words)}")
    marks = marks_of_members(here, "scenario", found.parts["review"]["scenario"])
    report.chart(here, _transfers(here, found), "service.bot.review", marks=marks)
    further_table.part(here, found, "review", titled=False)
    st.markdown(f"## {further_tables.title(found, 'versions', here.words)}")
    if not further_tables.has(found, "versions"):
        st.caption(here.text("bot_page.no_versions"))
        return
    scenarios = found.parts["versions"]["scenario"]
    marks = marks_of_members(here, "scenario", [name for name in scenarios for _ in COMPARED])
    report.chart(here, _compared(here, found), "service.bot.scenarios", marks=marks)
    further_table.part(here, found, "versions", titled=False)


def _transfers(here: Context, found: Result) -> go.Figure:
    """Transfer rates, never coloured: neither more nor less of it is good by itself."""
    rows = found.parts["review"]
    rows = rows.assign(
        label=[here.plain.show(value, "name", dimension="scenario") for value in rows["scenario"]],
        key=range(len(rows)),
        evidence="none",
    ).rename(columns={"transfer": "score", "transfer_low": "low", "transfer_high": "high",
                      "transfer_before": "baseline_score"})  # fmt: skip
    labels = here.plain.periods(here.selection.period, here.selection.baseline) if here.selection.baseline else None
    return charts.strip(rows, look=_look(here, Unit.RATE), labels=labels)


def _compared(here: Context, found: Result) -> go.Figure:
    """Containment, returns and resolution of each scenario before and after its version, the last two judged."""
    rows = pd.DataFrame(
        [_one(here, row, ratio) for row in found.parts["versions"].to_dict("records") for ratio in COMPARED]
    )
    rows["label"] = [
        here.plain.text("bot_page.rate_at", node={"scenario": name}, rate=here.plain.text(f"bot.rate.{ratio}"))
        for name, ratio in zip(rows["scenario"], rows["rate"], strict=True)
    ]
    return _two_versions(here, rows)


def _one(here: Context, row: dict[Any, Any], ratio: Ratio) -> dict[str, Any]:
    """One rate of a scenario before and after, with the side that is better."""
    names = ("before", "after", "after_low", "after_high", "n", "change", "p")
    own = {name: row[f"{ratio.name}_{name}"] for name in names}
    judged = own["p"] < SIGNIFICANCE and ratio.better != NEITHER
    look = _look(here, Unit.RATE, lower_better=ratio.better == "low")
    evidence = look.verdict(own["change"]) if judged else "none"
    return {"scenario": row["scenario"], "rate": ratio.name, "evidence": evidence, **own}


def _two_versions(here: Context, rows: pd.DataFrame) -> go.Figure:
    """rows: label, n, before, after, after_low, after_high, change (0..1), evidence."""
    ends = {name: 100 * rows[f"after_{name}"] for name in ("low", "high")}
    shown = {"score": 100 * rows["after"], "baseline_score": 100 * rows["before"], "change": 100 * rows["change"]}
    rows = rows.assign(**shown, **ends, key=range(len(rows)))
    labels = here.text("bot_page.after"), here.text("bot_page.before")
    return charts.strip(rows, look=_look(here, Unit.RATE), labels=labels)


def _look(here: Context, unit: Unit, *, lower_better: bool = True) -> Look:
    return Look(here.plain, unit, lower_better, here.dark, here.large)


def _flow(here: Context, found: Result, by: str) -> None:
    """The nodes of one scenario's flow, and the same before and after its newest version."""
    st.markdown(f"## {here.text('bot_page.flow')}")
    found = _of_scenario(here, found, by)
    if not further_tables.has(found, "flow"):
        st.markdown(here.text("bot_page.no_paths"))
        return
    _say(here, found, OF_FLOW[:2])
    _owner(here, found)
    where, key = _where(here, found), here.key("node")
    clicked = str(st.session_state.get(key, ""))
    look = _look(here, found.unit, lower_better=here.metric.better == "low")
    report.chart(here, charts.shaded(_nodes(here, found, look), clicked or None, look), "service.bot.flow",
                 clicked=partial(_open_node, here, where))  # fmt: skip
    st.caption(here.text("bot_page.flow_colour"))
    _node(here, found, where, clicked)
    further_table.part(here, found, "flow", titled=False)
    _versions(here, found)
    report.keep(here, found, "bot")


def _of_scenario(here: Context, found: Result, by: str) -> Result:
    """The result for the scenario that is chosen, at first the one it looked at."""
    scenarios = [value for value in found.parts["review"]["scenario"] if isinstance(value, str)]
    if found.options["scenario"] not in scenarios:
        return found
    label, show = here.text("columns.bot_part.scenario"), partial(here.plain.show, spec="name", dimension="scenario")
    chosen = choose(here, "flow", scenarios, found.options["scenario"], show, label=label)
    if chosen == found.options["scenario"]:
        return found
    return report.attempt(here, bot, by=(by,), scenario=chosen) or found


def _owner(here: Context, found: Result) -> None:
    """Whose flow it is: the province's own, or the same for all."""
    rows = found.parts["review"]
    owners = rows[rows["scenario"] == found.options["scenario"]]["owner"]
    if len(owners) and isinstance(owners.iloc[0], str):
        names = {"name": {"scenario": found.options["scenario"]}, "owner": {"bot_owner": owners.iloc[0]}}
        st.caption(here.text("bot_page.owner", **names))


def _where(here: Context, found: Result) -> Where:
    """The segment behind the nodes of a flow."""
    known = "scenario" in here.warehouse.model.dimensions and found.options["scenario"] is not None
    return (Filter("scenario", (found.options["scenario"],)),) if known else ()


def _nodes(here: Context, found: Result, look: Look) -> go.Figure:
    rows, moved = found.parts["flow"], found.parts["flow_versions"]
    sure = moved[(moved["rate"] == "exit") & (moved["p_adjusted"] < SIGNIFICANCE)]
    exits = _look(here, Unit.RATE)
    verdicts = {row["node"]: exits.verdict(row["change"]) for row in sure.to_dict("records")}
    rows = rows.assign(
        label=[here.plain.show(node, "name", dimension="bot_node") for node in rows["node"]],
        key=[str(place) for place in range(len(rows))],
        exit_evidence=[verdicts.get(node, "none") for node in rows["node"]],
    )
    return charts.flow(rows, look=look)


def _open_node(here: Context, where: Where, key: str) -> None:
    """A node was clicked: it is told of below the chart, and its scenario opened beside the page."""
    st.session_state[here.key("node")] = key
    if where:
        set_open(here.page, (where, None))


def _node(here: Context, found: Result, where: Where, clicked: str) -> None:
    """The node that was clicked, and a trace that begins at its scenario."""
    rows = found.parts["flow"]
    if not clicked or int(clicked) >= len(rows):
        return
    row = rows.iloc[int(clicked)].to_dict()
    names = {"node": {"bot_node": row["node"]}, "name": {"scenario": found.options["scenario"]}}
    st.markdown(here.text("bot_page.node", **{**row, **names, "unit": found.unit}))
    ways.trace_button(here, where, "bot.node")


def _versions(here: Context, found: Result) -> None:
    if not further_tables.has(found, "flow_versions"):
        st.caption(here.text("bot_page.one_version"))
        return
    st.markdown(f"### {here.text('bot_page.versions')}")
    _say(here, found, OF_FLOW[2:])
    report.chart(here, _before_and_after(here, found), "service.bot.versions")
    if here.at_least("intermediate"):
        further_table.part(here, found, "flow_versions", titled=False)


def _before_and_after(here: Context, found: Result) -> go.Figure:
    """Each rate of each node under the newest version and the one before it; exits are coloured beyond chance."""
    rows = found.parts["flow_versions"]
    rows = rows[(rows["rate"] != "reach") | (rows["before"] < 1) | (rows["after"] < 1)]
    judged, look = (rows["p_adjusted"] < SIGNIFICANCE) & (rows["rate"] == "exit"), _look(here, Unit.RATE)
    rows = rows.assign(
        label=[here.plain.text("bot_page.rate_at", node={"bot_node": node}, rate=here.plain.text(f"bot.rate.{rate}"))
               for node, rate in zip(rows["node"], rows["rate"], strict=True)],
        evidence=[look.verdict(step) if sure else "none" for step, sure in zip(rows["change"], judged, strict=True)],
    )  # fmt: skip
    return _two_versions(here, rows.reset_index(drop=True))


def _handover(here: Context, found: Result) -> None:
    """Hand-overs by wait, by context, and by both legs."""
    st.markdown(f"## {here.text('bot_page.handover')}")
    _say(here, found, OF_HANDOVER)
    for part in ("handover", "legs"):
        if further_tables.has(found, part):
            further_table.part(here, found, part)
