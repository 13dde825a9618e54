"""What a verdict says, what to beware of with it, and how it was computed: statements, the verdict first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.effect.asked import Asked
from analysis.effect.judged import Judged, Terms, oriented
from analysis.effect.verdict import EFFECTIVE, NOT_EFFECTIVE, NOT_ENOUGH
from analysis.result import Method, Statement


def findings(verdict: Judged, question: Asked, terms: Terms) -> tuple[Statement, ...]:
    """The verdict with its numbers; what mix made of it; what it would take to know."""
    values = _values(verdict, question, terms)
    said = [_verdict(verdict, values)]
    if _mixed(verdict):
        said.append(Statement("effect.mix", values))
    if verdict.verdict == NOT_ENOUGH:
        said += [Statement(f"effect.because_{reason}", values) for reason in verdict.against]
        if not set(verdict.against) & {"unreachable", "one_cluster"}:
            said.append(_needed(verdict, values))
    return tuple(said)


def _values(verdict: Judged, question: Asked, terms: Terms) -> dict[str, Any]:
    gain, low, high = oriented(verdict.effect, terms.sign)
    e, test = verdict.effect, verdict.opinions.randomised
    return {
        "gain": gain, "gain_low": low, "gain_high": high, "size": abs(gain), "smallest": terms.smallest,
        "unit": question.metric.unit, "raw": terms.sign * verdict.raw, "mix": terms.sign * (verdict.raw - e.value),
        "clusters": e.clusters, "treated_clusters": e.treated_clusters, "cluster": {"dimension": question.cluster},
        "improved": Statement(f"effect.improved.{question.metric.better}"),
        "randomisation_p": test.p, "smallest_p": test.smallest, "wild_p": verdict.opinions.wild_p,
        "weeks": verdict.needed.weeks, "answers": verdict.needed.answers, "n": float(verdict.rows["n"].sum()),
        "start": question.start,
    }  # fmt: skip


def _verdict(verdict: Judged, values: Mapping[str, Any]) -> Statement:
    """More or less than the control, with the interval where there is one."""
    way = "more" if values["gain"] >= 0 else "less"
    if verdict.verdict == EFFECTIVE:
        return Statement("effect.effective", values)
    if verdict.verdict == NOT_EFFECTIVE:
        return Statement(f"effect.not_effective_{way}", values)
    if math.isnan(values["gain_low"]):
        return Statement(f"effect.alone_{way}", values)
    if values["gain_low"] <= 0:
        return Statement(f"effect.chance_{way}", values)
    return Statement("effect.doubt_more" if values["gain"] >= values["smallest"] else "effect.small_more", values)


def _mixed(verdict: Judged) -> bool:
    """Whether like for like makes a difference that counts beside what chance does."""
    return abs(verdict.raw - verdict.effect.value) > 0.25 * verdict.effect.error


def _needed(verdict: Judged, values: Mapping[str, Any]) -> Statement:
    waits, asks = math.isfinite(verdict.needed.weeks), math.isfinite(verdict.needed.answers)
    return Statement(f"effect.needed_{'weeks' if waits else 'answers' if asks else 'never'}", values)


def caveats(verdict: Judged, question: Asked) -> tuple[Statement, ...]:
    """The month that is left out, few clusters, an early look; and that this is no proof of a cause."""
    said, left_out = [], verdict.before.left_out
    if left_out is not None and not verdict.before.alone:
        said.append(
            Statement(f"effect.left_out_{'found' if verdict.before.found else 'named'}", {"period": left_out})
        )
    if not question.planned:
        said.append(Statement("effect.early", {"check_on": question.check_on}))
    return (*said, Statement("effect.not_cause"))


def how(verdict: Judged, question: Asked, table: pd.DataFrame, strata: Sequence[str]) -> Method:
    """The formula with its numbers, and which errors and tests."""
    scores = {f"{g}{p}": float(table.loc[(table["group"] == g) & (table["period"] == side), "score"].iloc[0])
              for g in ("treated", "control") for p, side in enumerate(("before", "after"))}  # fmt: skip
    e, test = verdict.effect, verdict.opinions.randomised
    values = {**scores, "raw": verdict.raw, "effect": e.value, "error": e.error, "df": e.df, "clusters": e.clusters,
              "cluster": {"dimension": question.cluster}, "unit": question.metric.unit}  # fmt: skip
    notes = [Statement("how.effect.strata", {"names": [{"dimension": name} for name in strata]})] if strata else []
    notes.append(Statement("how.effect.clusters", values))
    if math.isfinite(verdict.opinions.wild_p):
        notes.append(Statement("how.effect.wild", {"p": verdict.opinions.wild_p}))
    if math.isfinite(test.p):
        exact = "exact" if test.exact else "drawn"
        notes.append(Statement(f"how.effect.randomised_{exact}", {"p": test.p, "tried": test.tried,
                                                                  "smallest_p": test.smallest}))  # fmt: skip
    return Method("effect", Statement("how.effect.did", values), tuple(notes))
