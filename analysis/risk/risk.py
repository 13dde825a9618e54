"""Which customers were likely dissatisfied and never answered? A calibrated model, tested on later answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.risk import judged as judging
from analysis.risk.choice import Chosen, choose
from analysis.risk.findings import caveats, findings, notes
from analysis.risk.heard import Heard, by_size
from analysis.risk.judged import Judged
from analysis.risk.trained import Trained, trained
from analysis.stats.intervals import NAN
from analysis.stats.predictions import brier_gain, gains, groups
from data_access.selection import Filter, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

PARTS = np.array([0.01, 0.02, 0.05, *np.arange(0.1, 1.01, 0.1)])  # of all contacts, for the gains
BETTER, NO_BETTER = "better", "no_better"


@within_limits
def risk(
    warehouse: Warehouse, selection: Selection, *, days: int = 7, capacity: int = 50, cost: float = 1.0,
    value: float = 5.0, protect: Sequence[Filter] = (),
) -> Result:  # fmt: skip
    """Customers of the last `days` of the period who did not answer, by how likely they are dissatisfied.

    Learned is from all answers before the period ends, whatever is filtered by; what is listed is within the filters.
    capacity: contacts a day; cost: of one; value: of contacting a dissatisfied customer; protect: members that are
    never held out. table: as `judged.COLUMNS`, empty where the model is no better than the base rate.
    statistics: n, positives (tested answers), auc, brier, brier_base, calibration (slope), calibration_intercept,
    ece, verdict. parts: calibration, gains, signs, balance.

    Raises BadInput for a metric without a limit of dissatisfaction, without ids of contacts, or where small groups
    are secret; NothingToShow where too few answers are dissatisfied, or everybody answered.
    """
    _check(days, capacity)
    found = trained(warehouse, selection, days=days, protect=protect)
    whom, heard = judging.judged(found), found.beside_unheard
    verdict = verdict_of(found)
    most = capacity * days if verdict == BETTER else 0
    chosen = choose(whom.share, most=most, cost=cost, value=value)
    statistics = _statistics(found, whom, heard, chosen) | {"verdict": verdict, "days": days, "capacity": capacity}
    metric = warehouse.model.measure(selection.metric)
    return Result.of(
        warehouse, selection, metric, "risk",
        statistics=statistics,
        table=judging.listed(found, whom, chosen),
        findings=findings(statistics),
        caveats=caveats(found, statistics),
        how=Method("risk", Statement("how.risk.formula", statistics), notes(found)),
        options={"by": (), "days": days, "capacity": capacity, "cost": cost, "value": value,
                 "protect": tuple((part.dimension, part.values) for part in protect)},
        parts={"calibration": _calibration(found), "gains": _gains(found, whom), "signs": _signs(found),
               "balance": heard.balance},
        sql=(found.heard.codes.sql, found.unheard.codes.sql),
    )  # fmt: skip


def _check(days: int, capacity: int) -> None:
    for name, number in (("days", days), ("capacity", capacity)):
        if number < 1:
            raise BadInput("risk.at_least_one", option=name, value=number)


def verdict_of(found: Trained) -> str:
    """Better than the base rate only if the whole interval of the area under the curve is above the half that chance
    gives, and the Brier score is smaller than the base rate's.
    """
    gained, _ = brier_gain(found.share[found.slices.test], found.bad[found.slices.test])
    return BETTER if found.skill.auc_interval.low > 0.5 and gained > 0 else NO_BETTER


def _statistics(found: Trained, whom: Judged, heard: Heard, chosen: Chosen) -> dict[str, Any]:
    came, share = found.bad[found.slices.test], found.share[found.slices.test]
    gained, interval = brier_gain(share, came)
    skill = found.skill
    return {
        "n": float(len(came)), "positives": float(came.sum()), "base_rate": float(came.mean()),
        "said_rate": float(share.mean()),
        "learned": float(found.slices.learn.sum()), "set_right": float(found.slices.right.sum()),
        "auc": skill.auc, "auc_low": skill.auc_interval.low, "auc_high": skill.auc_interval.high,
        "brier": skill.brier, "brier_base": skill.brier + gained, "brier_gain": gained,
        "brier_gain_low": interval.low, "brier_gain_high": interval.high,
        "calibration": skill.slope, "calibration_intercept": skill.intercept, "ece": groups(share, came).error,
        "unheard": whom.contacts, "judged": len(whom.rows), "outside": whom.outside, "elsewhere": whom.elsewhere,
        "again": whom.again, "threshold": chosen.threshold, "chosen": len(chosen.rows), "hits": chosen.hits,
        "missed": chosen.missed, "worth": chosen.worth,
        "expected_rate": float(whom.share.mean()) if len(whom.share) else NAN,
        "weighed_rate": heard.weighed, "weighed_brier": heard.brier, "weighed_base": heard.base,
        "effective": heard.effective, **_spans(found),
    }  # fmt: skip


def _spans(found: Trained) -> dict[str, Any]:
    """The first and the last day that are judged, and the first of those that test; nothing without times."""
    if found.asked.judged is None:
        return {"first_day": None, "last_day": None, "tested_from": None}
    first = float(np.nanmin(found.heard.day[found.slices.test]))
    days = found.asked.judged
    return {
        "first_day": days.start,
        "last_day": days.last_day,
        "tested_from": type(days.start).fromordinal(int(first)),
    }


def _calibration(found: Trained) -> pd.DataFrame:
    test = found.slices.test
    g = groups(found.share[test], found.bad[test])
    return pd.DataFrame({"predicted": g.predicted, "observed": g.observed, "low": g.low, "high": g.high, "n": g.n})


def _gains(found: Trained, whom: Judged) -> pd.DataFrame:
    """Of the tested answers: which part of the dissatisfied is among so many of all; and expected of those judged."""
    test = found.slices.test
    caught = gains(found.share[test], found.bad[test], PARTS)
    ranked = np.concatenate([[0.0], np.cumsum(np.sort(whom.share)[::-1])])
    at = np.interp(PARTS * (len(ranked) - 1), np.arange(len(ranked)), ranked)
    return pd.DataFrame({"part": PARTS, "caught": caught, "expected": at, "customers": PARTS * (len(ranked) - 1)})


def _signs(found: Trained) -> pd.DataFrame:
    """How much each sign moves the log odds from one contact to another, the strongest first."""
    raised = found.model.contributions(found.heard_columns, np.flatnonzero(found.slices.test))
    table = pd.DataFrame({"sign": [s.name for s in found.model.signs], "strength": raised.std(axis=0)})
    return by_size(table, "strength")
