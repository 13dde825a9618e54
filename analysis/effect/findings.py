"""What a verdict says, what to beware of with it, and how it was computed: statements, the verdict first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.effect.asked import Asked
from analysis.effect.guardrails import WORSE
from analysis.effect.judged import Judged, Terms, oriented
from analysis.effect.looks import Stage
from analysis.effect.pictures import Drifted
from analysis.effect.verdict import EFFECTIVE, NOT_EFFECTIVE, NOT_ENOUGH
from analysis.result import Method, Statement, Unit

BEYOND_WAITING = {"unreachable", "one_cluster", "ratio"}


def findings(verdict: Judged, question: Asked, terms: Terms, guards: pd.DataFrame) -> tuple[Statement, ...]:
    """The verdict with its numbers; what got worse; what mix made of it; what it would take to know."""
    values = _values(verdict, question, terms)
    said = [_verdict(verdict, values)]
    worse = guards.loc[guards["verdict"] == WORSE, "metric"].tolist()
    if worse:
        names = [{"dimension": name} for name in worse]
        said.append(Statement("effect.but" if verdict.verdict == EFFECTIVE else "effect.worse", {"names": names}))
    if question.design == "did" and _mixed(verdict):
        said.append(Statement("effect.mix", values))
    if verdict.verdict == NOT_ENOUGH:
        known = values["gain_low"] > 0  # else the interval says it already
        alone = "one_cluster" in verdict.against  # which is why no p below 5 % can be reached
        said += [
            Statement(f"effect.because_{reason}", values)
            for reason in verdict.against
            if (known or reason not in ("randomisation", "wild")) and not (alone and reason == "unreachable")
        ]
        if not set(verdict.against) & BEYOND_WAITING and not math.isnan(verdict.needed.weeks):
            said.append(_needed(verdict, values))
    return tuple(said)


def _values(verdict: Judged, question: Asked, terms: Terms) -> dict[str, Any]:
    gain, low, high = oriented(verdict.effect, terms.sign)
    e, test = verdict.effect, verdict.opinions.randomised
    return {
        "gain": gain, "gain_low": low, "gain_high": high, "size": abs(gain), "smallest": terms.smallest,
        "unit": question.metric.unit, "raw": terms.sign * verdict.raw, "mix": terms.sign * (verdict.raw - e.value),
        "reference": Statement(f"effect.reference.{question.design}"), "clusters": e.clusters,
        "treated_clusters": e.treated_clusters, "cluster": {"dimension": question.cluster},
        "improved": Statement(f"effect.improved.{question.metric.better}"),
        "same": Statement(f"effect.same.{question.design}"),
        "randomisation_p": test.p, "smallest_p": test.smallest, "wild_p": verdict.opinions.wild_p,
        "weeks": verdict.needed.weeks, "answers": verdict.needed.answers, "n": float(verdict.rows["n"].sum()),
        "start": question.start,
    }  # fmt: skip


def _verdict(verdict: Judged, values: Mapping[str, Any]) -> Statement:
    """More or less than the control, with the interval where there is one."""
    if math.isnan(values["gain"]):
        return Statement("effect.withheld" if "ratio" in verdict.against else "effect.unknown", values)
    way = "same" if values["size"] < _shown_from(values["unit"]) else "more" if values["gain"] >= 0 else "less"
    if verdict.verdict == EFFECTIVE:
        return Statement("effect.effective", values)
    if verdict.verdict == NOT_EFFECTIVE:
        return Statement(f"effect.not_effective_{way}", values)
    if math.isnan(values["gain_low"]):
        return Statement(f"effect.alone_{way}", values)
    if values["gain_low"] <= 0:
        return Statement(f"effect.chance_{way}", values)
    return Statement("effect.doubt_more" if values["gain"] >= values["smallest"] else "effect.small_more", values)


def _shown_from(unit: Unit) -> float:
    """Half of the last decimal that a difference is written with: what is less reads 0."""
    return 0.0005 if unit is Unit.RAW else 0.05


def _mixed(verdict: Judged) -> bool:
    """Whether like for like makes a difference that counts beside what chance does."""
    return abs(verdict.raw - verdict.effect.value) > 0.25 * verdict.effect.error


def _needed(verdict: Judged, values: Mapping[str, Any]) -> Statement:
    waits, asks = math.isfinite(verdict.needed.weeks), math.isfinite(verdict.needed.answers)
    return Statement(f"effect.needed_{'weeks' if waits else 'answers' if asks else 'never'}", values)


def caveats(verdict: Judged, question: Asked, drifted: Drifted | None, without: float) -> tuple[Statement, ...]:
    """The month that is left out, few clusters, an early look; and that this is no proof of a cause."""
    said, left_out = [], verdict.before.left_out
    if left_out is not None and not verdict.before.alone:
        said.append(
            Statement(f"effect.left_out_{'found' if verdict.before.found else 'named'}", {"period": left_out})
        )
    if question.check_on and (verdict.look.stage is not Stage.PLANNED or question.whole.end > question.check_on):
        said.append(Statement(f"effect.look_{verdict.look.stage}", {"check_on": question.check_on}))
    if without:
        said.append(Statement("effect.without", {"n": without, "cluster": {"dimension": question.cluster}}))
    if drifted:
        said += _drift(drifted, question)
    if "ratio" in verdict.against:
        return tuple(said)
    return (*said, Statement(f"effect.not_cause_{question.design}"))


def _drift(drifted: Drifted, question: Asked) -> list[Statement]:
    """Whether the groups went apart before the start already, or what would have been seen of it."""
    slope = drifted.trend.slope
    if math.isnan(slope.interval.low):
        return []
    values = {"slope": slope.value, "low": slope.interval.low, "high": slope.interval.high,
              "detectable": drifted.trend.detectable, "unit": question.metric.unit}  # fmt: skip
    return [Statement("effect.drifted" if slope.interval.excludes(0) else "effect.no_drift", values)]


def how(verdict: Judged, question: Asked, table: pd.DataFrame, strata: Sequence[str]) -> Method:
    """The formula with its numbers, and which errors and tests."""
    scores = {f"{row.group}{int(row.period == 'after')}": float(row.score) for row in table.itertuples()}
    e, design = verdict.effect, question.design
    values = {**scores, "raw": verdict.raw, "effect": e.value, "error": e.error, "df": e.df, "clusters": e.clusters,
              "cluster": {"dimension": question.cluster}, "unit": question.metric.unit,
              **_course(verdict)}  # fmt: skip
    notes = [Statement("how.effect.strata", {"names": [{"dimension": name} for name in strata]})] if strata else []
    if math.isfinite(e.error):
        notes.append(Statement(f"how.effect.{_error_of(question, verdict)}", values))
    return Method("effect", Statement(f"how.effect.{design}", values), (*notes, *_tests(verdict)))


def _error_of(question: Asked, verdict: Judged) -> str:
    """Which error an interval has."""
    if verdict.course:
        return "newey_west_days" if verdict.course.daily else "newey_west_weeks"
    if verdict.effect.clusters:
        return "clusters"
    return "shares" if question.metric.unit.is_share else "answers"


def _course(verdict: Judged) -> Mapping[str, Any]:
    """What an interrupted series says besides its effect."""
    c = verdict.course
    if c is None:
        return {}
    return {"lags": c.lags, "autocorrelation": c.autocorrelation, "level": c.level.value, "slope": c.slope.value,
            "points": c.before + c.after}  # fmt: skip


def _tests(verdict: Judged) -> list[Statement]:
    """The tests beside the interval."""
    notes, test = [], verdict.opinions.randomised
    if math.isfinite(verdict.opinions.wild_p):
        notes.append(Statement("how.effect.wild", {"p": verdict.opinions.wild_p}))
    if math.isfinite(test.p):
        values = {"p": test.p, "tried": test.tried, "smallest_p": test.smallest}
        notes.append(Statement(f"how.effect.randomised_{'exact' if test.exact else 'drawn'}", values))
    return notes
