"""Is an error everybody's or somebody's? Its rate from one agent to another, beside what chance alone would make.

Only checks drawn by chance; agents are compared among those as long in the job where the model has bands of it. An
error that many agents make alike, and often, is a common cause: a sharing session, not a reprimand. One that an agent
makes beyond chance, among all agents and errors tested (Holm), asks for coaching.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.powers import CENTRE, powers_of
from analysis.result import Statement
from analysis.service.people.roles import kinds_of, tenure_bands_of
from analysis.stats.dispersion import stands_out, tarone
from analysis.stats.intervals import SIGNIFICANCE, Array, wilson_bounds
from analysis.stats.multiplicity import holm
from data_access.selection import Selection
from data_access.semantics import Reason
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

SHARED_BY = 5  # agents who make an error, from whom on it can be everybody's
LEAST_ERRORS, LEAST_CHECKS = 10, 5  # of a kind in all; of an agent who may stand out
NOT_AGENTS = ("workforce", "bot")  # owners of reasons that no session of agents changes
COLUMNS = [
    "error", "n", "made", "checks", "rate", "low", "high", "share", "agents", "sharing", "z", "p", "p_adjusted",
    "top", "top_n", "top_checks", "top_p", "verdict",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shared:
    """table: a row an error, the commonest first. within: the bands of tenure that agents are compared within."""

    table: pd.DataFrame
    within: str | None
    findings: tuple[Statement, ...]
    sql: str


def qa_shared(warehouse: Warehouse, selection: Selection) -> Shared | None:
    """None without an error. An agent is named by a code, and not where the model keeps small groups secret.

    Raises BadInput where the model names no agents, or there are no checks.
    """
    bands = tenure_bands_of(warehouse.model)
    answer = warehouse.errors_by_agent([bands] if bands else [], selection.period, selection.filters)
    least = warehouse.model.disclose_from or 0
    table = shared_errors(answer.rows, bands, named=not least)
    table = table[table["n"] >= least].reset_index(drop=True)
    if table.empty:
        return None
    return Shared(table=table, within=bands, findings=_findings(table), sql=answer.sql)


def shared_reasons(warehouse: Warehouse, selection: Selection) -> Shared | None:
    """What customers name that is in the centre's power, from one agent to another; None where nobody names any.

    Nobody is singled out by what customers say: who takes the hard contacts hears more of it. Raises BadInput where
    the model names no agents or no reasons.
    """
    model, bands = warehouse.model, tenure_bands_of(warehouse.model)
    if not model.reasons:
        raise BadInput("people.no_reasons")
    reason = next(iter(model.reasons.values()))
    by = [kinds_of(model), *([bands] if bands else [])]  # who takes complaints hears other reasons than who chats
    answer = warehouse.named_reasons(
        selection.metric, reason.name, by, selection.period, selection.filters, agents=True
    )
    rows = answer.rows.dropna(subset=["who"])
    names = list(dict.fromkeys(name for own in rows["reasons"] for name in own))
    own = _of_agents(warehouse, reason, names)
    kept = pd.Series([tuple(n for n in r if n in own) for r in rows["reasons"]], index=rows.index, dtype=object)
    alike = list(zip(*(rows[name] for name in by), strict=True))
    table = shared_errors(rows.assign(errors=kept, alike=pd.Series(alike, rows.index, dtype=object)), "alike",
                          named=False)  # fmt: skip
    table = table[table["n"] >= (model.disclose_from or 0)].reset_index(drop=True)
    if table.empty:
        return None
    table["verdict"] = table["verdict"].replace("single", "apart")
    found = table[table["verdict"] == "shared"].head(1).to_dict("records")
    said = (Statement("people.reason_shared", {**row, "error": {reason.name: row["error"]}}) for row in found)
    return Shared(table=table.assign(dimension=reason.name), within=bands, findings=tuple(said), sql=answer.sql)


def _of_agents(warehouse: Warehouse, reason: Reason, names: Sequence[str | None]) -> set[str | None]:
    """The reasons in the centre's power that agents can do something about: no lack of staff, no flow of a bot."""
    listed, taxonomy = warehouse.powers(reason.name), load_taxonomy()
    owners = {} if listed is None else dict(zip(listed["reason"], listed["owner"], strict=True))
    powers = dict(zip(names, powers_of(warehouse, reason, names), strict=True))
    codes = {name: taxonomy.reason_for(name) for name in names}
    defaults = {name: taxonomy.owner_of(code) for name, code in codes.items() if code}
    known = {name: owners.get(name) or defaults.get(name) for name in names}
    return {name for name in names if powers[name] == CENTRE and known[name] not in NOT_AGENTS}


def shared_errors(rows: pd.DataFrame, within: str | None, *, named: bool = True) -> pd.DataFrame:
    """rows: who, errors (a tuple), n, and the bands `within`. Columns COLUMNS; p by Tarone, adjusted by Holm."""
    who, agents = pd.factorize(rows["who"])
    strata = pd.factorize(rows[within].astype(object).where(rows[within].notna(), ""))[0] if within else who * 0
    shape = (len(agents), int(strata.max(initial=0)) + 1)
    n = _placed(who, strata, rows["n"], shape)
    kinds = list(dict.fromkeys(error for errors in rows["errors"] for error in errors))
    counts = {
        kind: _placed(who, strata, rows["n"] * [kind in own for own in rows["errors"]], shape) for kind in kinds
    }
    found = [_error(kind, counts[kind], n) for kind in kinds]
    table = pd.DataFrame(found)
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    table["share"] = table["n"] / table["n"].sum()
    table["p_adjusted"] = holm(table["p"].to_numpy(dtype=float))
    table = table.join(pd.DataFrame([_top(kind, counts, n, agents) for kind in kinds]))
    table["verdict"] = [_verdict(row, len(kinds)) for row in table.to_dict("records")]
    single = table["verdict"] == "single"
    apart = single & named  # whoever is but the first among many is nobody's business
    table["top_p"] = table["top_p"].where(single)  # what the verdict rests on
    table["top"] = table["top"].astype(object).where(apart, None)
    for name in ("top_n", "top_checks"):
        table[name] = table[name].where(apart)
    return table.sort_values("n", ascending=False, kind="stable", ignore_index=True)[COLUMNS]


def _placed(who: Array, strata: Array, values: Any, shape: tuple[int, int]) -> Array:
    found = np.zeros(shape)
    np.add.at(found, (who, strata), np.asarray(values, dtype=float))
    return found


def _error(kind: str, x: Array, n: Array) -> dict[str, Any]:
    many, checks = float(x.sum()), float(n.sum())
    low, high = wilson_bounds(np.array([many]), np.array([checks]))
    spread = tarone(x, n)
    return {
        "error": kind, "n": many, "made": many, "checks": checks, "rate": many / checks, "low": float(low[0]),
        "high": float(high[0]), "agents": int((n.sum(axis=1) > 0).sum()), "sharing": int((x.sum(axis=1) > 0).sum()),
        "z": spread.z, "p": spread.p,
    }  # fmt: skip


def _top(kind: str, counts: Mapping[str, Array], n: Array, agents: Any) -> dict[str, Any]:
    """The agent who makes an error most surely more often than the others; p for all agents and errors that are
    tested.
    """
    x = counts[kind]
    tried = np.flatnonzero(n.sum(axis=1) >= LEAST_CHECKS)
    nobody = {"top": None, "top_n": np.nan, "top_checks": np.nan, "top_p": np.nan}
    if not len(tried):
        return nobody
    chances = np.array([stands_out(x, n, int(unit)) for unit in tried])
    place = int(np.nanargmin(chances)) if np.isfinite(chances).any() else -1
    if place < 0:
        return nobody
    unit = tried[place]
    p = min(1.0, float(chances[place]) * len(tried) * len(counts))
    return {"top": agents[unit], "top_n": float(x[unit].sum()), "top_checks": float(n[unit].sum()), "top_p": p}


def _verdict(row: Mapping[str, Any], kinds: int) -> str:
    """shared: frequent, of many, and no more different than by chance; single: somebody stands out; differs: more
    different than by chance, yet nobody stands out; rare: none of these.
    """
    if row["n"] < LEAST_ERRORS:
        return "few"
    if row["top_p"] < SIGNIFICANCE:
        return "single"
    if row["p_adjusted"] < SIGNIFICANCE:
        return "differs"
    return "shared" if row["sharing"] >= SHARED_BY and row["share"] >= 1 / kinds else "rare"


def _findings(table: pd.DataFrame) -> tuple[Statement, ...]:
    found = []
    for verdict in ("shared", "single"):
        rows = table[table["verdict"] == verdict]
        if len(rows) and (verdict == "shared" or rows["top"].notna().any()):
            row = rows.iloc[0].to_dict()
            found.append(Statement(f"quality.error_{verdict}", {**row, "error": {"qa_error": row["error"]}}))
    return tuple(found)
