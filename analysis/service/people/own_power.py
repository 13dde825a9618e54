"""What does a team lose by its own doing? Its lost points by who has the power over their reasons.

An answer's lost points lie in equal parts in the reasons it names, and a reason in somebody's power: the centre's
own, another department's or a rule's, the customer's side, or nobody's (no reason stated, or one on no list). Only
the first is the team's own; it is held against what the other teams lose in their own power about the same questions,
so that no team is judged by its mix. Errors from the squares of the answers' own losses, times the design effect of
agents where the model knows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW, scaled
from analysis.powers import CENTRE, NOBODYS, powers_of
from analysis.stats.distributions import Z_95, normal_ppf, normal_sf
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array
from analysis.stats.multiplicity import holm
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

CUSTOMER = "customer_side"
GROUPS = ("own", "others", "customer", "unstated")
COLUMNS = [
    "segment", "n", "lost", "own", "own_low", "own_high", *GROUPS[1:], "own_share", "expected", "difference",
    "difference_low", "difference_high", "p", "p_adjusted", "verdict",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OwnPower:
    """table: a row a team, in points of the metric an answer; worse ones first. powers: all teams together by power.

    questions: the dimension whose mix is taken out. design: the median design effect of agents; clustered: whether it
    is known, else each answer counts for itself.
    """

    table: pd.DataFrame
    powers: pd.DataFrame
    questions: str
    design: float
    clustered: bool
    sql: tuple[str, ...]


def own_power(warehouse: Warehouse, selection: Selection, *, by: tuple[str, ...], questions: str) -> OwnPower:
    """Raises BadInput without a reason in the model, NothingToShow where nobody lost a point."""
    model, metric = warehouse.model, warehouse.model.metric(selection.metric)
    if not model.reasons:
        raise BadInput("people.no_reasons")
    reason = next(iter(model.reasons))
    cut = [*by, *([questions] if questions not in by else [])]
    every = warehouse.cells(metric.name, cut, selection.period, selection.filters)
    losing = warehouse.named_reasons(metric.name, reason, cut, selection.period, selection.filters)
    answers, lost = (found.rows.dropna(subset=list(by)) for found in (every, losing))  # who had no team is nobody's
    if lost.empty:
        raise NothingToShow("powers.nothing_lost")
    powers = _powers(warehouse, reason, lost)
    effects, sql = _agents(warehouse, selection, metric, reason, by, powers)
    return OwnPower(
        table=_teams(answers, _lost(lost, metric, powers), by, questions, effects),
        powers=_by_power(lost, metric, powers, float(answers["w"].sum())),
        questions=questions,
        design=float(np.median(list(effects.values()))) if effects else 1.0,
        clustered=bool(effects),
        sql=(every.sql, losing.sql, *sql),
    )


def _agents(
    warehouse: Warehouse,
    selection: Selection,
    metric: Metric,
    reason: str,
    by: tuple[str, ...],
    powers: Mapping[str | None, str],
) -> tuple[dict[tuple[object, ...], float], tuple[str, ...]]:
    """The design effect of agents in each team; none where the model knows no agents, or there are too many rows."""
    asked = (by, selection.period, selection.filters)
    try:
        losing = warehouse.named_reasons(metric.name, reason, *asked, agents=True)
        answers = warehouse.scores_by_agent(metric.name, *asked)
    except BadInput:
        return {}, ()
    lost = _lost(losing.rows.dropna(subset=list(by)), metric, powers)
    return _effects(lost, answers.rows.dropna(subset=list(by)), by), (losing.sql, answers.sql)


def _powers(warehouse: Warehouse, reason: str, losing: pd.DataFrame) -> dict[str | None, str]:
    names = list(dict.fromkeys(name for own in losing["reasons"] for name in own))
    return dict(zip(names, powers_of(warehouse, warehouse.model.reasons[reason], names), strict=True))


def group_of(power: str) -> str:
    """Whose power that is, from a team's point of view."""
    if power in NOBODYS:
        return "unstated"
    return {CENTRE: "own", CUSTOMER: "customer"}.get(power, "others")


def _lost(rows: pd.DataFrame, metric: Metric, powers: Mapping[str | None, str]) -> pd.DataFrame:
    """Sums of losing answers: their lost points by group, and the squares of the own ones."""
    on_scale = scaled(rows, metric)
    lost = np.abs(metric.best * on_scale["w"] - on_scale["wx"]).to_numpy(dtype=float)
    squares = (on_scale["vxx"] - 2 * metric.best * on_scale["vx"] + metric.best**2 * on_scale["v"]).to_numpy()
    shares = {group: np.array([_part(own, powers, group) for own in rows["reasons"]]) for group in GROUPS}
    sums = {group: lost * share for group, share in shares.items()}
    return rows.assign(lost=lost, squares=squares * shares["own"] ** 2, **sums)


def _part(reasons: Sequence[str | None], powers: Mapping[str | None, str], group: str) -> float:
    return sum(group_of(powers[name]) == group for name in reasons) / len(reasons)


def _by_power(losing: pd.DataFrame, metric: Metric, powers: Mapping[str | None, str], weight: float) -> pd.DataFrame:
    """Lost points an answer by power, of all teams together."""
    on_scale, found = scaled(losing, metric), dict[str, float]()
    lost = np.abs(metric.best * on_scale["w"] - on_scale["wx"]).to_numpy(dtype=float)
    for own, points in zip(losing["reasons"], lost, strict=True):
        for name in own:
            found[powers[name]] = found.get(powers[name], 0.0) + points / len(own)
    table = pd.DataFrame({"power": list(found), "points": [value / weight for value in found.values()]})
    table["share"] = table["points"] / table["points"].sum()
    return table.sort_values("points", ascending=False, kind="stable", ignore_index=True)


def _effects(rows: pd.DataFrame, answers: pd.DataFrame, by: tuple[str, ...]) -> dict[tuple[object, ...], float]:
    """How much more the own loss of a team varies than answers of many agents would, 1 at least."""
    own = rows.groupby([*by, "who"], dropna=False)[["own", "squares"]].sum()
    n = answers.groupby([*by, "who"], dropna=False)["w"].sum()
    each = own.reindex(n.index).fillna(0.0).assign(n=n).reset_index()
    found = {}
    for team, part in each.groupby(list(by), dropna=False):
        total, size, agents = part["own"].sum(), part["n"].sum(), len(part)
        mean = total / size
        single = part["squares"].sum() - size * mean**2
        between = float(((part["own"] - mean * part["n"]) ** 2).sum()) * agents / max(agents - 1, 1)
        found[_segment(team)] = max(1.0, between / single) if single > 0 and agents > 1 else 1.0
    return found


def _segment(team: object) -> tuple[object, ...]:
    parts = team if isinstance(team, tuple) else (team,)
    return tuple(None if part != part else part for part in parts)


def _teams(
    every: pd.DataFrame,
    rows: pd.DataFrame,
    by: tuple[str, ...],
    questions: str,
    effects: Mapping[tuple[object, ...], float],
) -> pd.DataFrame:
    """Loss by group of each team, and its own loss against that of the others about the same questions."""
    names = [*by, *([questions] if questions not in by else [])]
    n = every.groupby(names, dropna=False, sort=False)["w"].sum()
    sums = rows.groupby(names, dropna=False, sort=False)[["lost", "squares", *GROUPS]].sum().reindex(n.index)
    cells = sums.fillna(0.0).assign(n=n).reset_index()
    segments = [_segment(team) for team in zip(*(cells[name] for name in by), strict=True)]
    team, teams = pd.factorize(pd.Series(segments, dtype=object))
    kind = pd.factorize(cells[questions].astype(object).where(cells[questions].notna(), ""))[0]
    k = len(teams)
    t = {name: np.bincount(team, cells[name], k) for name in ("n", "lost", "squares", *GROUPS)}
    design = np.array([effects.get(own, 1.0) for own in teams])
    own = t["own"] / t["n"]
    error = np.sqrt(np.maximum(t["squares"] / t["n"] - own**2, 0.0) / np.maximum(t["n"] - 1, 1) * design)
    expected, difference, spread = _against_others(cells, team, kind, k)
    spread = spread * np.sqrt(design)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * normal_sf(np.abs(difference / spread))
        stated = t["lost"] - t["unstated"]
        share = np.where(stated > 0, t["own"] / stated, NAN)
    known = t["n"] >= WITHHELD_BELOW
    columns = {
        "lost": t["lost"] / t["n"], "own": own, "own_low": np.maximum(own - Z_95 * error, 0.0),
        "own_high": own + Z_95 * error, **{name: t[name] / t["n"] for name in GROUPS[1:]}, "own_share": share,
        "expected": expected, "difference": difference, "p": p,
    }  # fmt: skip
    table = pd.DataFrame({name: np.where(known, values, NAN) for name, values in columns.items()})
    table.insert(0, "segment", pd.Series(list(teams), dtype=object))
    table.insert(1, "n", t["n"])
    table["p_adjusted"] = holm(table["p"].to_numpy())
    reach = spread * _reach(table["p"].to_numpy(), table["p_adjusted"].to_numpy())
    table = table.assign(difference_low=table["difference"] - reach, difference_high=table["difference"] + reach)
    table["verdict"] = [_verdict(d, q) for d, q in zip(table["difference"], table["p_adjusted"], strict=True)]
    return table.sort_values("difference", ascending=False, kind="stable")[COLUMNS].reset_index(drop=True)


def _reach(p: Array, adjusted: Array) -> Array:
    """How many errors an interval reaches to each side, so that it excludes 0 just where Holm's p is below 5 %."""
    tests = max(int(np.isfinite(p).sum()), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.where((adjusted < 1) & (p > 0), adjusted / p, float(tests))
    return np.array([float(normal_ppf(1 - SIGNIFICANCE / 2 / each)) for each in times])


def _verdict(difference: float, p: float) -> str:
    if p != p:
        return "few"
    return "alike" if p >= SIGNIFICANCE else "more" if difference > 0 else "less"


def _against_others(cells: pd.DataFrame, team: Array, kind: Array, k: int) -> tuple[Array, Array, Array]:
    """What the others lose in their own power with the team's mix, the team's distance from that, and its error.

    Questions that only this team has tell nothing and are left out.
    """
    n, own, squares = (cells[name].to_numpy(dtype=float) for name in ("n", "own", "squares"))
    sizes, total, square = (np.bincount(kind, values) for values in (n, own, squares))
    rest = sizes[kind] - n
    there = rest >= 2
    with np.errstate(divide="ignore", invalid="ignore"):
        elsewhere = np.where(there, (total[kind] - own) / rest, 0.0)
        variance = np.maximum(square / sizes - (total / sizes) ** 2, 0.0) * sizes / np.maximum(sizes - 1, 1)
        w = np.where(there, n, 0.0)
        whole = np.bincount(team, w, k)
        spread = np.where(there, w**2 * variance[kind] * (1 / n + 1 / rest), 0.0)
        expected = np.bincount(team, w * elsewhere, k) / whole
        actual = np.bincount(team, np.where(there, own, 0.0), k) / whole
        error = np.sqrt(np.bincount(team, spread, k)) / whole
    return expected, actual - expected, error
