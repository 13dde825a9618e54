"""Does the quality check of a contact say what its customer said? Both of the same contact, side by side.

Only contacts that were checked by chance and whose customer answered; each weighted by the contacts it stands for. A
check is passed without a critical error. Where it is passed and the customer dissatisfied, the standard was met and
did not please: look at the rule or the process, not at the agent. Where it failed and the customer is content, the
customer did not see the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from analysis.result import Statement
from analysis.stats.agreement import cohens_kappa
from analysis.stats.effective import kish
from analysis.stats.intervals import NAN, Array, t_bounds, wilson_bounds
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import SemanticModel
from data_access.warehouse import Warehouse
from data_access.warehouse.checked_contacts import RESULTS

CELLS = ("passed_content", "passed_dissatisfied", "failed_content", "failed_dissatisfied")
BESIDE = ["cell", "n", "contacts", "share", "low", "high", "of_result", "meaning"]
BY_RESULT = ["result", "n", "contacts", "score", "low", "high"]
SURE_FROM = 100  # contacts, from which on a sentence draws a conclusion
PASSED = ["segment", "n", "contacts", "bad_rate", "low", "high"]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """beside: the four cells. results: the metric by result. passed: the dissatisfied of the passed, by segment."""

    beside: pd.DataFrame
    results: pd.DataFrame
    passed: pd.DataFrame
    statistics: dict[str, float]
    findings: tuple[Statement, ...]
    sql: tuple[str, ...]


def qa_beside(warehouse: Warehouse, selection: Selection, *, by: tuple[str, ...]) -> Beside | None:
    """None where no metric of the model tells who is dissatisfied, or nobody was both checked and asked.

    Raises BadInput where checks do not say about which contact they are.
    """
    metric = warehouse.model.measure(selection.metric)
    low = _dissatisfied(warehouse.model, metric)
    if low is None:
        return None
    asked = (selection.period, selection.filters)
    answer = warehouse.checked_and_rated(low.name, by, *asked)
    scores = warehouse.checked_and_rated(low.of or metric.name, (), *asked)
    rows = answer.rows.assign(passed=answer.rows["result"] != RESULTS[0], bad=answer.rows["x"] > 0)
    least = max(WITHHELD_BELOW, warehouse.model.disclose_from or 0)
    if rows["n"].sum() < least:
        return None
    beside, statistics = _cells(rows), _statistics(rows)
    return Beside(
        beside=beside,
        results=_by_result(scores.rows, warehouse.model.measure(low.of or metric.name)),
        passed=_passed(rows[rows["passed"]], by),
        statistics={name: _shown(statistics, name, warehouse.model.disclose_from or 0) for name in statistics},
        findings=_findings(statistics, least),
        sql=(answer.sql, scores.sql),
    )


def _dissatisfied(model: SemanticModel, metric: Metric) -> Metric | None:
    """The rate of the worst answers of a metric, or of the one it is a rate of."""
    whole = metric.of or metric.name
    return next((m for m in model.metrics.values() if m.of == whole and m.better == "low"), None)


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    whole, found = float(rows["weight"].sum()), []
    for cell in CELLS:
        passed, bad = cell.startswith("passed"), cell.endswith("dissatisfied")
        own, line = rows[(rows["passed"] == passed) & (rows["bad"] == bad)], rows[rows["passed"] == passed]
        share, low, high = _share(own, rows)
        of_line = float(own["weight"].sum() / line["weight"].sum()) if len(line) else NAN
        n = float(own["n"].sum())
        found.append((cell, n, n, share if whole else NAN, low, high, of_line, cell))
    return pd.DataFrame(found, columns=BESIDE)


def _share(own: pd.DataFrame, of: pd.DataFrame) -> tuple[float, float, float]:
    """A weighted share with its interval: Wilson's, on as many checks as the unequal weights are worth (Kish)."""
    weight = float(of["weight"].sum())
    if of["n"].sum() < WITHHELD_BELOW or not weight:
        return NAN, NAN, NAN
    worth = kish(weight, float(of["squares"].sum()))
    share = float(own["weight"].sum()) / weight
    low, high = wilson_bounds(np.array([share * worth]), np.array([worth]))
    return share, float(low[0]), float(high[0])


def _statistics(rows: pd.DataFrame) -> dict[str, float]:
    """Of the dissatisfied who passed, of the failed who were content, and how far both agree."""
    passed, bad = rows["passed"], rows["bad"]
    parts = {
        "bad_passed": (rows[bad & passed], rows[bad]),
        "failed_content": (rows[~bad & ~passed], rows[~passed]),
        "alike": (rows[bad != passed], rows),
    }
    found = {"both": float(rows["n"].sum()), "bad_n": float(rows.loc[bad, "n"].sum())}
    found["failed_n"] = float(rows.loc[~passed, "n"].sum())
    for name, (own, of) in parts.items():
        value, low, high = _share(own, of)
        found |= {f"beside_{name}": value, f"beside_{name}_low": low, f"beside_{name}_high": high}
    worth = kish(float(rows["weight"].sum()), float(rows["squares"].sum())) / float(rows["weight"].sum())
    table = np.array([[rows.loc[(passed == p) & (bad == b), "weight"].sum() * worth for b in (False, True)]
                      for p in (True, False)])  # fmt: skip
    kappa = cohens_kappa(table)
    return found | {"beside_kappa": kappa.kappa, "beside_kappa_low": kappa.low, "beside_kappa_high": kappa.high}


def _shown(statistics: dict[str, float], name: str, least: int) -> float:
    """A figure, unless it is about fewer than may be shown."""
    of = "bad_n" if name.startswith(("bad", "beside_bad")) else "failed_n" if "failed" in name else "both"
    return statistics[name] if statistics[of] >= least else NAN


def _by_result(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """The mean of the metric by what the check found, from the sums by raw value."""
    found: list[tuple[Any, ...]] = []
    for result in RESULTS:
        own = rows[rows["result"] == result]
        n, weight = float(own["n"].sum()), float(own["weight"].sum())
        if n < WITHHELD_BELOW:
            found.append((result, n, n, NAN, NAN, NAN))
            continue
        mean = float((own["weight"] * own["x"]).sum()) / weight
        error = float(np.sqrt((own["squares"] * (own["x"] - mean) ** 2).sum() * n / (n - 1))) / weight
        low, high = t_bounds(_one(metric.value(mean)), _one(abs(metric.slope) * error), _one(n - 1))
        least, most = metric.kind.range
        found.append((result, n, n, metric.value(mean), max(float(low[0]), least), min(float(high[0]), most)))
    return pd.DataFrame(found, columns=BY_RESULT)


def _one(value: float) -> Array:
    return np.array([value])


def _passed(rows: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    """Among contacts that passed the check, the dissatisfied, by segment: where a rule or process displeases."""
    if not by:
        return pd.DataFrame(columns=PASSED)
    found = []
    for segment, part in rows.groupby(list(by), dropna=False, sort=False):
        parts = segment if isinstance(segment, tuple) else (segment,)
        share, low, high = _share(part[part["bad"]], part)
        n = float(part["n"].sum())
        found.append((tuple(None if p != p else p for p in parts), n, n, share, low, high))
    table = pd.DataFrame(found, columns=PASSED)
    return table.sort_values("bad_rate", ascending=False, kind="stable", na_position="last", ignore_index=True)


def _findings(statistics: dict[str, float], least: int) -> tuple[Statement, ...]:
    """Of the dissatisfied and of the failed, where there are enough of them."""
    of = {"bad_passed": "bad_n", "failed_content": "failed_n"}
    known = {name: statistics[n] for name, n in of.items() if statistics[n] >= least}
    return tuple(
        Statement(f"quality.{name}{'' if n >= SURE_FROM else '_few'}", statistics) for name, n in known.items()
    )
