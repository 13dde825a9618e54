"""What changed, since when, why so far, and who can act? One sentence, each word with the grade of its evidence.

shown: beyond chance after correction for all that was searched; likely: it fits, and beats the decoys beside it (sham
dates, the other reasons); possible: it fits, no more; unknown. Nothing here is a cause: events and reasons go with
the change, and people find out whether they made it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.calendar import cut_short
from analysis.leading_cause.sentence import caveats, method, sentence
from analysis.leading_cause.why import Why, why
from analysis.limits import within_limits
from analysis.result import Result
from analysis.segments.leading import Leading, leading
from analysis.stats.distributions import Z_95, normal_ppf
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.suspects.lineup import Lineup, line_up
from data_access.selection import Selection
from data_access.warehouse import Warehouse

__all__ = ["leading_cause"]

WORDS = ("what", "since", "why", "who")
COLUMNS = ["word", "answer", "grade", "change", "low", "high", "share", "n", "p"]


@within_limits
def leading_cause(warehouse: Warehouse, selection: Selection) -> Result:
    """The segment that explains the change most, the event or day it broke with, its reason, and who can act.

    table: a row for each of what, since, why and who. statistics: as the rows, by name; `segment` is {} when nothing
    is beyond chance. parts: `segments`, the search that it rests on. Where small groups are secret, nothing is said
    of days. Raises BadInput without a baseline, NothingToShow for an empty period.
    """
    found = leading(warehouse, selection)
    if found.row is None:
        lineup, reason = None, Why()
    else:
        lineup = None if warehouse.model.disclose_from else line_up(warehouse, selection, found.path)
        reason = why(warehouse, selection, found.path, float(found.row["change"]))
    metric = warehouse.model.metric(selection.metric)
    statistics = _statistics(found, lineup, reason)
    values = {**statistics, "unit": metric.unit}
    sql = (*found.result.sql, *(lineup.sql if lineup else ()), *reason.sql)
    return Result.of(
        warehouse,
        selection,
        metric,
        "leading_cause",
        statistics=statistics,
        table=_table(found, statistics, lineup, reason),
        findings=sentence(values),
        caveats=(*cut_short(lineup is not None and lineup.is_cut), *caveats(statistics)),
        how=method(values),
        parts={"segments": found.result.table},
        sql=tuple(dict.fromkeys(sql)),
    )


def _statistics(found: Leading, lineup: Lineup | None, reason: Why) -> dict[str, Any]:
    return {
        **_what(found),
        **_since(lineup),
        "reason": reason.reason or "",
        "reason_dimension": reason.dimension,
        "reason_share": reason.share,
        "grade_why": reason.grade,
        **_who(lineup, reason),
    }


def _what(found: Leading) -> dict[str, Any]:
    """The segment, its numbers, and the whole that it is a part of."""
    names = ("change", "low", "high", "score0", "score1", "n0", "n1", "p_adjusted")
    row, surge, whole = found.row, found.surge, found.result.statistics
    numbers = {name: float(row[name]) if row else NAN for name in names}
    grade = "unknown" if row is None else "shown" if row["p_adjusted"] < SIGNIFICANCE else "likely"
    return {
        "segment": dict(row["segment"]) if row else {},
        **numbers,
        "effect": float(row["total_effect"]) if row else NAN,
        "whole_change": whole["change"],
        "whole_score": whole["score"],
        "kind": "rate" if row else "mix" if surge else "none",
        "surge": dict(surge["segment"]) if surge else {},
        "surge_effect": float(surge["mix_effect"]) if surge else NAN,
        "candidates": sum(whole["candidates"].values()),
        "enough": _enough(found),
        "grade_what": grade,
    }


def _enough(found: Leading) -> float:
    """By how many points the strongest candidate would have to move to be beyond chance."""
    candidates = found.result.parts["candidates"]
    if found.row is not None or candidates.empty:
        return NAN
    first, family = candidates.iloc[0], sum(found.result.statistics["candidates"].values())
    error = (first["high"] - first["low"]) / 2 / Z_95
    return float(error * normal_ppf(1 - SIGNIFICANCE / 2 / max(family, 1)))


def _since(lineup: Lineup | None) -> dict[str, Any]:
    """The event that it may have begun with, else the day on which it broke, else nothing."""
    event = lineup.first if lineup else None
    names = {"event": "id", "event_kind": "kind", "event_owner": "owner"}
    names |= {"event_title_en": "label_en", "event_title_zh": "label_zh"}
    told: dict[str, Any] = {name: (event[column] or "") if event else "" for name, column in names.items()}
    broke = lineup.onset if lineup and lineup.onset.clear else None
    first, last = broke.fitting if broke else ("", "")
    day = event["date"] if event else broke.best if broke else ""
    grade = event["grade"] if event else "likely" if broke else "unknown"
    told["step"] = float(event["change"]) if event else NAN
    days = {"since": day, "broke": broke.best if broke else "", "broke_low": first, "broke_high": last}
    return {**{name: str(value) for name, value in days.items()}, **told, "grade_since": grade}


def _who(lineup: Lineup | None, reason: Why) -> dict[str, Any]:
    """The power is that of the reason; the owner that of the event, where it can be believed, else of the reason."""
    event = lineup.first if lineup else None
    owner = (event["owner"] if event else None) or reason.owner
    if event and event["owner"]:
        grade = event["grade"]
    else:
        grade = {"shown": "likely"}.get(reason.grade, reason.grade) if owner or reason.power else "unknown"
    return {"power": reason.power, "owner": owner or "", "grade_who": grade}


def _table(found: Leading, statistics: dict[str, Any], lineup: Lineup | None, reason: Why) -> pd.DataFrame:
    """A row for each word of the sentence: its answer as {name: code}, its grade and its numbers."""
    s, event, row = statistics, lineup.first if lineup else None, found.row
    whole = s["whole_change"]
    step = {name: float(event[name]) if event else NAN for name in ("change", "low", "high")}
    step |= {"p": float(event["p_adjusted"]) if event else NAN, "n": float(event["n1"]) if event else NAN}
    own = {name: s[name] for name in ("change", "low", "high")} | {"n": s["n1"], "p": s["p_adjusted"]}
    own["share"] = s["effect"] / whole if row and whole else NAN
    cost = {"change": -reason.grown, "low": -reason.high, "high": -reason.low, "share": reason.share}
    answers = (
        (s["segment"], own),
        ({"event": s["event"]} if event else {"day": s["since"]} if s["since"] else {}, step),
        ({s["reason_dimension"]: s["reason"]} if s["reason"] else {}, {**cost, "n": reason.n, "p": reason.p}),
        ({"owner": s["owner"]} if s["owner"] else {}, {"share": reason.power_share}),
    )
    rows = [
        {"word": word, "answer": answer, "grade": s[f"grade_{word}"], **numbers}
        for word, (answer, numbers) in zip(WORDS, answers, strict=True)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.replace([np.inf, -np.inf], np.nan)
