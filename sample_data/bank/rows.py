"""How do cells become contacts? Ratings, moments, agents, reasons, comments, and columns that make no difference."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sample_data import comments, world
from sample_data.bank.plan import Cell, Column, Plan
from sample_data.bank.scores import dealt, ratings
from sample_data.draws import Draws

AGENTS = 16  # of a team
NEW = "to_60_days"  # of a column of staff: agents who are new
QUIET = ("not_stated", "billing_dispute", "vas_no_consent", "outage", "wait_busy")
USUAL = {"not_resolved": 2.0, "cannot_answer": 1.8, "unclear_answer": 1.4, "attitude": 0.6}
DECOYS = (
    Column(
        name="channel",
        label=("Channel", "渠道"),
        values={"phone": ("Phone", "电话"), "app": ("App", "APP"), "wechat": ("WeChat", "微信")},
    ),
    Column(
        name="region",
        label=("Region", "区域"),
        values={
            "central": ("Central district", "中心城区"),
            "east": ("East", "东部"),
            "south": ("South", "南部"),
            "west": ("West", "西部"),
        },
    ),
    Column(
        name="tier",
        label=("Customer tier", "客户等级"),
        values={"basic": ("Basic", "普通"), "silver": ("Silver", "银卡"), "gold": ("Gold", "金卡")},
    ),
)


def idle(plan: Plan) -> list[Column]:
    """Dimensions that make no difference: further ones of the case, and those of every centre."""
    own = {column.name for column in plan.columns}
    return [column for column in (*plan.idle, *DECOYS) if column.name not in own]


def contacts(plan: Plan, seed: int) -> pd.DataFrame:
    """A row per contact, in order of time."""
    rng = np.random.default_rng(seed)
    parts = [_of_cell(cell, total, plan, rng) for cell, total in zip(plan.cells, _totals(plan.cells), strict=True)]
    table = pd.concat(parts, ignore_index=True)
    if plan.settle:
        plan.settle(table)
    table = table.sort_values("contacted_at", kind="stable", ignore_index=True)
    table.insert(0, "contact_id", np.arange(1, len(table) + 1) + 10_000 * (seed % 90))
    table.insert(1, "customer_id", _customers(len(table), rng, seed))
    if plan.staffed:
        table["agent"] = _agents(table, plan, rng)
        table["tenure_days"] = _tenure(table, plan, rng)
    table["reason"], table["comment"] = _said(table, rng, seed)
    return table.drop(columns=["cell_reasons"])


def _totals(cells: Sequence[Cell]) -> list[int]:
    """The sum of the ratings of each cell: whole, and off by less than one half over cells that are joint."""
    totals, over, joint = [], 0.0, ""
    for cell in cells:
        over = over if cell.joint and cell.joint == joint else 0.0
        joint, wanted = cell.joint, cell.n * cell.points / 10 + over
        totals.append(round(wanted + 1e-9))
        over = wanted - totals[-1]
    return totals


def _of_cell(cell: Cell, total: int, plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """The contacts of a cell: those that answered first."""
    size = cell.n * plan.factor
    score = np.full(size, np.nan)
    score[: cell.n] = ratings(cell.n, total, cell.sd, rng)
    frame: dict[str, Any] = {"contacted_at": _moments(cell.days, size, rng)}
    frame |= {name: np.full(size, value, dtype=object) for name, value in cell.columns.items()}
    if "team" not in cell.columns:
        serving = np.array(cell.teams or tuple(plan.teams), dtype=object)
        frame["team"] = serving[_even(size, len(serving), cell.n, rng)]
    for column in idle(plan):
        frame[column.name] = np.array(list(column.values), dtype=object)[dealt(score, len(column.values), rng)]
    frame |= _rates(cell, score, rng)
    frame |= {"erred": _erred(cell, plan, score, rng), "doubled": np.full(size, cell.doubled)}
    frame |= _handling(cell, size, rng) if plan.staffed else {"turns": (4 + rng.poisson(3, size)).astype(np.int16)}
    reasons = tuple(cell.reasons.items())
    invited = np.ones(size, dtype=np.int8)
    return pd.DataFrame({**frame, "invited": invited, "score": score, "cell_reasons": [reasons] * size})


def _handling(cell: Cell, size: int, rng: np.random.Generator) -> dict[str, Any]:
    """Seconds in the queue and with the agent, and transfers: only the wait goes with anything."""
    handled = np.clip(rng.normal(260, 90, size), 40, 900).astype(np.int16)
    return {"wait_s": _waits(cell, size, rng), "handle_s": handled, "transfers": rng.binomial(2, 0.07, size)}


def _even(size: int, groups: int, answers: int, rng: np.random.Generator) -> Any:
    """Groups of one size by chance, among those that answered as well as among the others."""
    first, rest = np.arange(answers) % groups, np.arange(size - answers) % groups
    return np.concatenate([rng.permutation(first), rng.permutation(rest)])


def _moments(days: tuple[date, ...], size: int, rng: np.random.Generator) -> Any:
    """Each day as often as any other, the hours as a centre has them."""
    hours = np.array(world.HOURS, dtype=float)
    day = rng.permutation(np.resize(np.array(days, dtype="M8[D]"), size)).astype("M8[s]")
    hour = rng.choice(24, size, p=hours / hours.sum())
    return (day + (hour * 3600 + rng.integers(0, 3600, size)).astype("m8[s]")).astype("M8[us]")


def _rates(cell: Cell, score: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Yes-or-no columns with exactly their rate; those with a good rating are more often among the yes."""
    order = np.argsort(-(np.nan_to_num(score, nan=7.0) + 2.5 * rng.standard_normal(len(score))), kind="stable")
    found = {}
    for name, rate in cell.rates.items():
        yes = np.zeros(len(score), dtype=np.int8)
        yes[order[: round(len(score) * rate / 100)]] = 1
        found[name] = yes
    return found


def _erred(cell: Cell, plan: Plan, score: Any, rng: np.random.Generator) -> Any:
    """Which contacts have an error that a quality check would find."""
    noise = 1.5 if plan.errs_low else 1e6
    erred = np.zeros(len(score), dtype=bool)
    for rows in (np.flatnonzero(~np.isnan(score)), np.flatnonzero(np.isnan(score))):
        order = rows[np.argsort(np.nan_to_num(score[rows], nan=7.0) + noise * rng.standard_normal(len(rows)))]
        erred[order[: round(len(rows) * cell.fails / 100)]] = True
    return erred


def _waits(cell: Cell, size: int, rng: np.random.Generator) -> Any:
    least, usual = cell.wait
    most = 900 if least > 20 else 20
    return np.minimum(least + rng.exponential(usual - least, size), most).astype(np.int16)


def _customers(size: int, rng: np.random.Generator, seed: int) -> Any:
    """Some customers come more than once; ids tell nothing of them."""
    number = rng.integers(0, round(size * 1.6), size)
    known = {n: hashlib.sha256(f"{seed}/{n}".encode()).hexdigest()[:16] for n in np.unique(number).tolist()}
    return pd.Series(number).map(known).to_numpy()


def _agents(table: pd.DataFrame, plan: Plan, rng: np.random.Generator) -> Any:
    """Each contact by somebody of its team, in a column of staff by somebody of that kind."""
    number = rng.integers(1, AGENTS + 1, len(table))
    kind = (table[plan.staff] == NEW).to_numpy() if plan.staff else np.zeros(len(table), dtype=bool)
    number = np.where(kind, 50 + number // 2, number)
    return table["team"].to_numpy() + pd.Series(number).map("-{:02d}".format).to_numpy()


def _tenure(table: pd.DataFrame, plan: Plan, rng: np.random.Generator) -> Any:
    """Days on the job: of one agent always the same at the start, and a day more each day."""
    names = np.unique(table["agent"])
    kind = table[plan.staff] == NEW if plan.staff else pd.Series(False, index=table.index)
    started = dict(zip(names, rng.integers(90, 1500, len(names)), strict=True))
    fresh = dict(zip(names, rng.integers(5, 25, len(names)), strict=True))
    since = (table["contacted_at"].dt.day - 1).to_numpy()
    return np.where(kind, table["agent"].map(fresh) + since, table["agent"].map(started) + since).astype(np.int16)


def _said(table: pd.DataFrame, rng: np.random.Generator, seed: int) -> tuple[Any, Any]:
    """A reason of the taxonomy for each rating below ten, and here and there a comment on it."""
    codes = world.reasons()
    rated = table["score"].notna().to_numpy()
    asked = np.flatnonzero(rated & (table["score"] < 10).to_numpy())
    race = rng.standard_exponential((len(asked), len(codes))) / _weights(table["cell_reasons"].iloc[asked], codes)
    first = np.full(len(table), -1)
    first[asked] = np.where(rng.random(len(asked)) < 0.05, codes.index("not_stated"), race.argmin(axis=1))
    reason = np.where(first >= 0, np.array([*codes, None], dtype=object)[first], None)
    comment = np.full(len(table), None, dtype=object)
    rows = np.flatnonzero(rated)
    draws = Draws(seed, len(rows))
    comment[rows] = comments.write(draws, first[rows], codes, table["score"].to_numpy()[rows])
    return reason, comment


def _weights(of_cells: pd.Series, codes: tuple[str, ...]) -> Any:
    """How likely each reason is in each row."""
    base = np.array([1e-6 if code in QUIET else USUAL.get(code, 0.25) for code in codes])
    weights = np.tile(base, (len(of_cells), 1))
    for extra in set(of_cells):
        rows = (of_cells == extra).to_numpy() if extra else np.zeros(len(of_cells), dtype=bool)
        for code, weight in extra:
            weights[rows, codes.index(code)] += weight
    return weights
