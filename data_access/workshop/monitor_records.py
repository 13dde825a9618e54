"""What does the store remember of monitoring? What people said of signals, frozen baselines, and customers called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from data_access.selection import Filter, Period
from data_access.workshop.records import Made


class Judgement(StrEnum):
    """What somebody said of a signal: act on it, its reason is known already, or it was chance."""

    REAL = "real"
    KNOWN = "known"
    NOISE = "noise"


class Arm(StrEnum):
    """What is done for a customer of a recovery round: contacted, or left alone for comparison."""

    CONTACT = "contact"
    HOLD_OUT = "hold_out"


@dataclass(frozen=True, kw_only=True)
class SignalFeedback(Made):
    """What was said of a signal: of a metric in a segment of a data set, moving up or down `since` a day.

    The newest about a signal counts. `issue_id`: the trace that was begun from it. The store writes `scope`: what its
    author may see.
    """

    dataset: str
    metric: str
    segment: tuple[Filter, ...] = ()
    direction: str = "down"
    since: date
    judgement: Judgement = Judgement.REAL
    reason: str = ""
    issue_id: str = ""
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WatchBaseline(Made):
    """The days that limits rest on. The newest of a data set counts; without one a rule of the calendar does."""

    dataset: str
    period: Period
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rebase(Made):
    """Limits begin anew on a day, for a segment (all of the data without filters), for a reason that is known."""

    dataset: str
    metric: str
    segment: tuple[Filter, ...] = ()
    at: date
    reason: str
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecoveryRound(Made):
    """Customers chosen to be contacted, by a model over the contacts of `period`; a part held out by lot (`seed`)."""

    dataset: str
    data_version: str
    period: Period
    threshold: float
    capacity: int
    hold_out: float
    seed: int
    statistics: Mapping[str, float | None] = field(default_factory=dict)
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecoveryCase(Made):
    """A contact of a round by its masked id, its probability, why, and what became of it: blank until it is known."""

    round_id: str
    contact: str
    probability: float
    reasons: tuple[str, ...] = ()
    arm: Arm = Arm.CONTACT
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class LevelCorrection(Made):
    """A column of a data set is measured otherwise than its model says; the newest of a column counts."""

    dataset: str
    column: str
    level: str
    reason: str = ""
