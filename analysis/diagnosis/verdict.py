"""A verdict on a gap or a cause: its code, the statistic behind it and its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.diagnosis.comparator import PathComparison
from analysis.diagnosis.evidence import Evidence
from analysis.diagnosis.standardised_gap import StandardisedGap
from analysis.result import Statement
from analysis.stats.intervals import NAN

SUPPORTS, REFUTES, NOT_ENOUGH, NO_DATA = "supports", "refutes", "not_enough", "no_data"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the data say about one gap: the statistic behind it, and a sentence."""

    code: str
    verdict: str
    statistic: str
    value: float
    low: float
    high: float
    p: float
    n: float
    finding: Statement


def of_gap(code: str, verdict: str, statistic: str, gap: StandardisedGap, finding: Statement) -> Verdict:
    return Verdict(
        code=code,
        verdict=verdict,
        statistic=statistic,
        value=gap.value,
        low=gap.interval.low,
        high=gap.interval.high,
        p=gap.p,
        n=gap.n,
        finding=finding,
    )


def without_number(code: str, verdict: str, finding: Statement) -> Verdict:
    return Verdict(
        code=code, verdict=verdict, statistic="", value=NAN, low=NAN, high=NAN, p=NAN, n=NAN, finding=finding
    )


def gap_values(e: Evidence, gap: StandardisedGap) -> dict[str, Any]:
    return {
        "value": gap.value, "low": gap.interval.low, "high": gap.interval.high, "p": gap.p, "n": gap.n,
        "unit": e.scope.metric.unit,
    }  # fmt: skip


def comparator_values(comparison: PathComparison) -> dict[str, Any]:
    """The comparator of a path, and the dimensions standardised over."""
    alike = [{"dimension": name} for name in comparison.strata]
    return {"by": {"dimension": comparison.dimension}, "alike": alike, "crude": comparison.crude.value}


def bound(e: Evidence, gap: StandardisedGap) -> float:
    """The worse bound of the interval; NaN where there is none."""
    return gap.interval.low if e.scope.sign > 0 else -gap.interval.high
