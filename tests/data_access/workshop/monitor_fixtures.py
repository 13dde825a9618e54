"""What people say of signals, a round of recovery and a meeting, to try things with."""

from __future__ import annotations

from datetime import date

from data_access.selection import Filter, Period, Selection
from data_access.statement import Statement
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingSlide
from data_access.workshop.monitor_records import (
    LevelCorrection,
    Rebase,
    RecoveryCase,
    RecoveryRound,
    SignalFeedback,
    WatchBaseline,
)

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
DATA = "sample"


def a_feedback(**changes: object) -> SignalFeedback:
    given = {"dataset": DATA, "metric": "score", "segment": (Filter("business", ("3G",)),),
             "since": date(2026, 11, 23)}  # fmt: skip
    return SignalFeedback(**(given | changes))  # type: ignore[arg-type]


def a_baseline(**changes: object) -> WatchBaseline:
    return WatchBaseline(**({"dataset": DATA, "period": OCTOBER} | changes))  # type: ignore[arg-type]


def a_rebase(**changes: object) -> Rebase:
    given = {"dataset": DATA, "metric": "score", "at": date(2026, 11, 2), "reason": "New questionnaire"}
    return Rebase(**(given | changes))  # type: ignore[arg-type]


def a_correction(**changes: object) -> LevelCorrection:
    return LevelCorrection(**({"dataset": DATA, "column": "grade", "level": "ordinal"} | changes))  # type: ignore[arg-type]


def a_round(**changes: object) -> RecoveryRound:
    given = {"dataset": DATA, "data_version": "a81f3c", "period": OCTOBER, "threshold": 0.4, "capacity": 50,
             "hold_out": 0.1, "seed": 7, "statistics": {"auc": 0.71, "slope": None}}  # fmt: skip
    return RecoveryRound(**(given | changes))  # type: ignore[arg-type]


def a_case(number: int, **changes: object) -> RecoveryCase:
    given = {"round_id": "", "contact": f"c-{number:010x}", "probability": 0.5, "reasons": ("risk.repeat",)}
    return RecoveryCase(**(given | changes))  # type: ignore[arg-type]


def a_meeting(**changes: object) -> Meeting:
    given = {
        "title": "Week 48",
        "dataset": DATA,
        "data_version": "a81f3c",
        "held_on": date(2026, 11, 30),
        "selection": Selection("score", OCTOBER, OCTOBER.previous(), (Filter("business", ("3G", None)),)),
    }
    return Meeting(**(given | changes))  # type: ignore[arg-type]


def a_slide(step: AgendaStep = AgendaStep.CHANGES, **changes: object) -> MeetingSlide:
    given = {"step": step, "kind": "waterfall", "method": "contribution", "selection": a_meeting().selection,
             "statements": (Statement("contribution.top", {"segment": "3G", "contribution": 0.373}),),
             "statistics": {"score": 84.7}, "rows": ({"business": "3G", "n": 600, "a": 81.0},)}  # fmt: skip
    return MeetingSlide(**(given | changes))  # type: ignore[arg-type]
