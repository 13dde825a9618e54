"""Where in a flow do customers leave, and where are they handed over? Its nodes: reach, exit, transfer and score.

reach     sessions that came to a node, once or more often, of all sessions of the flow
exit      of these, sessions that ended there without an agent and without being done
transfer  of these, sessions handed over from there: the node before the hand-over

Nodes stand in the order in which sessions come to them, `done` last. Before and after a new version are compared as
in `bot_review`, with p adjusted for all nodes and rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.result import Statement
from analysis.service.bot.review import Switch
from analysis.service.rates import Rates, Ratio, moved, rates
from analysis.service.scores import scores
from analysis.stats.multiplicity import holm
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.warehouse import Warehouse
from data_access.warehouse.bots import DONE, HANDED_OVER

RATIOS = (
    Ratio("reach", "reached", "sessions"),
    Ratio("exit", "exits", "reached", "low"),
    Ratio("transfer", "transfers", "reached", "low"),
)
SUMS = ("reached", "exits", "transfers", "n", "wx", "vxx")
NODES = [
    "node", "n", "reach", "reach_low", "reach_high", "exits", "exit", "exit_low", "exit_high", "transfers",
    "transfer", "transfer_low", "transfer_high", "score", "low", "high", "answers",
]  # fmt: skip
VERSIONS = [
    "node", "rate", "before", "after", "after_low", "after_high", "change", "low", "high", "n_before", "n",
    "p_adjusted",
]  # fmt: skip


@dataclass(frozen=True)
class Flow:
    """The nodes of a scenario's flow, and the same before and after its newest version."""

    scenario: str | None
    nodes: pd.DataFrame
    versions: pd.DataFrame
    findings: tuple[Statement, ...] = ()
    sql: tuple[str, ...] = field(default=())


def flow_of(
    warehouse: Warehouse, selection: Selection, metric: Metric, scenario: str | None, switches: Sequence[Switch]
) -> Flow:
    """The flow of a scenario in the period; of all sessions where there are no scenarios."""
    answer = warehouse.bot_paths(metric.name, scenario, selection.period, selection.filters)
    rows = _walked(answer.rows)
    nodes = _nodes(rows, metric)
    switch = next((s for s in switches if s.scenario == scenario), None)
    versions, sql = _versions(warehouse, selection, metric, switch, list(nodes["node"]))
    return Flow(scenario, nodes, versions, _findings(nodes, scenario, switch), (answer.sql, *sql))


def _walked(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums by node and day (`SUMS`, sessions of the day), and `places`: where in their path they first come to it."""
    known = rows[rows["path"].notna()]
    ways = known[["path", "last_node", "outcome"]].drop_duplicates(ignore_index=True)
    steps = pd.DataFrame(
        [{"way": number, **step} for number, way in enumerate(ways.to_dict("records")) for step in _steps(way)],
        columns=["way", "node", "place", "exit", "transfer"],
    )
    numbered = known.merge(ways.assign(way=range(len(ways))), on=["path", "last_node", "outcome"])
    walked = numbered.merge(steps, on="way")
    sums = {
        "reached": walked["sessions"], "exits": walked["sessions"] * walked["exit"],
        "transfers": walked["sessions"] * walked["transfer"], "n": walked["n"], "wx": walked["wx"],
        "vxx": walked["vxx"], "places": walked["sessions"] * walked["place"],
    }  # fmt: skip
    by_node = walked[["node", "day"]].assign(**sums).groupby(["node", "day"], sort=False).sum()
    days = known.groupby("day")["sessions"].sum()
    nodes = list(dict.fromkeys(steps["node"]))
    grid = pd.MultiIndex.from_product([nodes, days.index], names=["node", "day"])
    by_node = by_node.astype(float).reindex(grid, fill_value=0.0).reset_index()
    return by_node.assign(sessions=by_node["day"].map(days).astype(float))


def _steps(way: dict[Any, Any]) -> list[dict[str, Any]]:
    """The nodes of a way, each once, and whether it ended or was handed over there."""
    over = way["outcome"] == HANDED_OVER
    nodes = [node for node in str(way["path"]).split(">") if node and not (over and node == "handover")]
    last = nodes[-1] if nodes else None
    done = DONE in (last, way["last_node"])
    return [
        {"node": node, "place": nodes.index(node), "exit": node == last and not over and not done,
         "transfer": node == last and over}
        for node in dict.fromkeys(nodes)
    ]  # fmt: skip


def _coded(rows: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """The rows of some nodes with the number of theirs in column s."""
    places = {node: place for place, node in enumerate(order)}
    return rows[rows["node"].isin(places)].assign(s=lambda own: own["node"].map(places).astype(int))


def _nodes(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """A row a node in the order in which sessions come to them."""
    if rows.empty:
        return pd.DataFrame(columns=NODES)
    sums = rows.groupby("node", sort=False)[[*SUMS, "places"]].sum()
    sums = sums.assign(place=sums["places"] / sums["reached"], last=sums.index == DONE)
    sums = sums.sort_values(["last", "place"], kind="stable")
    order = list(sums.index)
    coded = _coded(rows, order)
    table = pd.DataFrame({"node": order, "answers": sums["n"].to_numpy()})
    for ratio in RATIOS:
        table = table.assign(**_ends(ratio.name, rates(coded, len(order), ratio)))
    table = table.assign(
        n=sums["reached"].to_numpy(), exits=sums["exits"].to_numpy(), transfers=sums["transfers"].to_numpy(),
        **scores(sums, metric),
    )  # fmt: skip
    return table[NODES]


def _ends(name: str, found: Rates) -> dict[str, Any]:
    return {name: found.shown("value"), f"{name}_low": found.shown("low"), f"{name}_high": found.shown("high")}


def _versions(
    warehouse: Warehouse, selection: Selection, metric: Metric, switch: Switch | None, order: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rates of each node before and after a version went live."""
    if switch is None or not order:
        return pd.DataFrame(columns=VERSIONS), ()
    answers = [warehouse.bot_paths(metric.name, switch.scenario, span, selection.filters) for span in switch.spans]
    before, after = (
        _coded(_walked(answer.rows[answer.rows["flow_version"] == version]), order)
        for answer, version in zip(answers, (switch.before, switch.version), strict=True)
    )
    found = []
    for ratio in RATIOS:
        past, now = (rates(side, len(order), ratio) for side in (before, after))
        for place, node in enumerate(order):
            step = moved(past, now, place, place)
            ends = {"change": step.value, "low": step.interval.low, "high": step.interval.high, "p": step.p}
            sizes = {"n_before": past.of[place], "n": now.of[place]}
            values = {"before": past.shown("value")[place], "after": now.shown("value")[place],
                      "after_low": now.shown("low")[place], "after_high": now.shown("high")[place]}  # fmt: skip
            found.append({"node": node, "rate": ratio.name, **values, **ends, **sizes})
    table = pd.DataFrame(found)
    table = table.assign(p_adjusted=holm(table["p"].to_numpy(dtype=float)))
    nothing = (table["before"].fillna(0) == 0) & (table["after"].fillna(0) == 0)
    return table[~nothing].reset_index(drop=True)[VERSIONS], tuple(answer.sql for answer in answers)


def _findings(nodes: pd.DataFrame, scenario: str | None, switch: Switch | None) -> tuple[Statement, ...]:
    """Where most leave and where most are handed over; what the newest version changed most surely."""
    if nodes.empty:
        return ()
    name = {"name": {"scenario": scenario}}
    said = []
    for kind, count in (("exits", "exit"), ("transfers", "transfer")):
        most = nodes.loc[nodes[kind].idxmax()]
        if most[kind] > 0:
            numbers = {"count": float(most[kind]), "n": float(most["n"]), "share": float(most[count])}
            values = {"node": {"bot_node": most["node"]}, **numbers}
            said.append(Statement(f"bot.flow_{kind}", {**name, **values}))
    return (*said, *([Statement("bot.flow_versions", _compared(switch, name))] if switch else []))


def _compared(switch: Switch, name: dict[str, Any]) -> dict[str, Any]:
    """What was compared with what, by its days."""
    past, now = switch.spans
    days = {"past_from": past.start, "past_to": past.last_day, "now_from": now.start, "now_to": now.last_day}
    return {**name, "version": {"flow_version": switch.version}, "past": {"flow_version": switch.before}, **days}
