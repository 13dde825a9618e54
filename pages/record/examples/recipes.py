"""What is asked of the sample for each example, where its path leads, and what is concluded from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from data_access.selection import Filter, Period, Selection
from data_access.workshop.field_rules import NO_GAP
from data_access.workshop.records import CauseLevel
from data_access.workshop.rules import NO_REAL_CHANGE

Path = tuple[Filter, ...]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One analysis of the sample, over the period of its example and the part `where`."""

    method: str
    where: Path = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A why: its level, the why above it, and the places of the answers it stands on.

    refuted: the obvious guess, which these answers speak against. event: what began at the date, besides.
    quoted: which findings of an answer the story repeats.
    """

    level: CauseLevel
    above: str = ""
    stands_on: tuple[int, ...] = ()
    refuted: bool = False
    event: bool = False
    quoted: tuple[int, ...] = (0, 1)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """An example: what is asked, the first answer being the data problem; the path; the whys; what was decided.

    remedy: none where nothing really changed. like_siblings: the plan's target is what the rest of the step above
    reaches, where no earlier period could serve.
    """

    period: Period | None = None
    baseline: Period | None = None
    asks: tuple[Ask, ...]
    path: Path
    whys: Mapping[str, Step]
    cause_type: str
    gap: str = NO_GAP
    system: str = ""
    power: str = ""
    owner: str
    remedy: str = ""
    like_siblings: bool = False

    def selection(self, where: Path = ()) -> Selection:
        return Selection("score", self.period, self.baseline, where)


def _tree(
    guess: int, *, seen: int, direct: int, root: int, event: bool = False, **quoted: tuple[int, ...]
) -> Mapping[str, Step]:
    """What was seen; below it the obvious guess, refuted, and beside that what leads to the root."""
    steps = {
        "seen": Step(level=CauseLevel.SYMPTOM, stands_on=(seen,)),
        "guess": Step(level=CauseLevel.DIRECT, above="seen", stands_on=(guess,), refuted=True),
        "direct": Step(level=CauseLevel.DIRECT, above="seen", stands_on=(direct,)),
        "root": Step(level=CauseLevel.ROOT, above="direct", stands_on=(root,), event=event),
    }
    return {name: replace(step, quoted=quoted.get(f"{name}_quoted", step.quoted)) for name, step in steps.items()}


def _by(method: str, dimension: str, *where: Filter, **options: Any) -> Ask:
    return Ask(method=method, where=where, options={"by": (dimension,), **options})


def _one(dimension: str, *values: str) -> Filter:
    return Filter(dimension, values)


_OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
_SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
_5G, _BILL = _one("business", "mobile_5g"), _one("sub_type", "5g_bill")
_BOTS, _PLAN_CHANGE = _one("touchpoint", "bot_ivr", "bot_text", "handover"), _one("scenario", "plan_change")
_QUEUES = _one("touchpoint", "enquiry_call", "complaint", "handover")
_PEAK = _one("day_of_month", "1", "2", "3", "28", "29", "30", "31")
_NEW_TEAM, _NEW = _one("team", "team_17"), _one("tenure_band", "d0_60")
_ADDED = _one("business", "value_added")
_PHONE, _BROADBAND = _one("touchpoint", "enquiry_call"), _one("business", "broadband")
_OLD_TEAM = _one("team", "team_08")

_BILLING = Recipe(
    period=_OCTOBER,
    baseline=_SEPTEMBER,
    asks=(
        Ask(method="overview"),
        _by("change", "business"),
        _by("change", "sub_type", _5G),
        _by("contribution", "reason", _BILL),
        Ask(method="suspects", where=(_BILL,)),
    ),
    path=(_5G, _BILL),
    whys=_tree(2, seen=2, direct=3, root=4, event=True, guess_quoted=(2,)),
    cause_type="business_rule",
    gap="design",
    system="improvement",
    power="business_rule",
    owner="billing",
    remedy="rule_transition",
)
_BOT = Recipe(
    period=Period(date(2026, 8, 17), date(2026, 11, 1)),
    baseline=Period(date(2026, 6, 1), date(2026, 8, 17)),
    asks=(
        _by("change", "touchpoint"),
        _by("change", "scenario", _BOTS),
        _by("contribution", "reason", _PLAN_CHANGE),
        Ask(method="suspects", where=(_PLAN_CHANGE,)),
    ),
    path=(_BOTS, _PLAN_CHANGE),
    whys=_tree(1, seen=1, direct=2, root=3, event=True, guess_quoted=(1, 2)),
    cause_type="bot_design",
    gap="execution",
    system="monitoring",
    power="centre",
    owner="bot",
    remedy="bot_rollback",
)
_QUEUE = Recipe(
    asks=(
        _by("contribution", "day_of_month"),
        _by("contribution", "touchpoint", _PEAK),
        _by("contribution", "reason", _QUEUES, _PEAK),
        Ask(method="association", where=(_QUEUES,), options={"columns": ("score", "wait"), "of": "day_of_month"}),
    ),
    path=(_QUEUES, _PEAK),
    whys=_tree(2, seen=0, direct=2, root=3),
    cause_type="capacity",
    gap="design",
    system="improvement",
    power="centre",
    owner="workforce",
    remedy="month_profile_roster",
    like_siblings=True,
)
_TEAM = Recipe(
    period=Period(date(2026, 9, 7), date(2026, 11, 1)),
    baseline=Period(date(2026, 7, 1), date(2026, 9, 7)),
    asks=(
        _by("contrast", "team", question="rest", segment=("team_17",)),
        Ask(method="contrast", where=(_NEW_TEAM,), options={"question": "period"}),
        _by("contribution", "tenure_band", _NEW_TEAM),
        _by("contribution", "reason", _NEW_TEAM, _NEW),
    ),
    path=(_NEW_TEAM, _NEW),
    whys=_tree(0, seen=1, direct=3, root=2),
    cause_type="skill",
    gap="execution",
    system="problem_solving",
    power="centre",
    owner="floor",
    remedy="nesting_desk",
    like_siblings=True,
)
_SHIFT = Recipe(
    period=_OCTOBER,
    baseline=_SEPTEMBER,
    asks=(
        Ask(method="overview"),
        _by("change", "business"),
        Ask(method="contrast", where=(_ADDED,), options={"question": "period"}),
    ),
    path=(_ADDED,),
    whys=_tree(2, seen=1, direct=2, root=1, seen_quoted=(0,), root_quoted=(2,)),
    cause_type=NO_REAL_CHANGE,
    owner="analytics",
)
_MIXED = Recipe(
    asks=(
        _by("contrast", "team", _PHONE, question="rest", segment=("team_08",)),
        _by("contribution", "business", _PHONE, _OLD_TEAM),
        _by("contrast", "team", _PHONE, _BROADBAND, question="rest", segment=("team_08",)),
    ),
    path=(_PHONE, _OLD_TEAM),
    whys=_tree(2, seen=0, direct=2, root=1),
    cause_type=NO_REAL_CHANGE,
    owner="analytics",
)
RECIPES: Mapping[str, Recipe] = {  # by the name of the planted cause
    "billing_rule": _BILLING,
    "bot_flow": _BOT,
    "month_start_queue": _QUEUE,
    "new_hire_team": _TEAM,
    "mix_shift": _SHIFT,
    "mixed_team": _MIXED,
}
