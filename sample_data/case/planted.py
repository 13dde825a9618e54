"""What is hidden in a case? Drawn by seed, difficulty and kind before any contact is made.

Difficulty makes the change smaller beside chance (`STRENGTH`), the place narrower, and the calendar and the rest of
the centre livelier: more events that changed nothing, more places that move a little for some days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from data_access.selection import Period, months_later
from data_access.training import TRAPS, Kind
from sample_data import world
from sample_data.case import rota

MONTHS = tuple(date(2026, month, 1) for month in range(3, 9))  # nothing of the sample's own is planted in these
BEFORE, AFTER = 2, 20  # months before the month in question, days after it
DIFFICULTIES = (1, 2, 3)
CONTACTS = 38_000
STRENGTH = {1: 9.0, 2: 6.5, 3: 5.0}  # the change of the place in standard errors of a month against the one before
MOVED = {1: 0.11, 2: 0.085, 3: 0.065}  # of all contacts, to another line, where only the mix changes
DECOYS = {1: 2, 2: 4, 3: 6}  # events that changed nothing
WOBBLES = {1: 0, 2: 1, 3: 2}  # places that move a little for half of the month
WOBBLE = 2.0  # points
RULE_SUB_TYPES = ("4g_bill", "5g_bill", "bb_fault", "4g_plan")
RULE_BUSINESSES = ("mobile_4g", "mobile_5g", "broadband")
FLOW_SCENARIOS = ("bill_query", "balance_query", "plan_change", "fault_report")
HARD_LINES = ("broadband", "value_added")
MOST = "basic"  # the tier of most customers


@dataclass(frozen=True, kw_only=True)
class Planted:
    """What is hidden in which month: the place and since when; in traps the place that only looks bad, if any.

    `wobbles` are places with the points by which they move for half a month.
    """

    kind: Kind
    seed: int
    difficulty: int
    contacts: int = CONTACTS
    month: date
    place: Mapping[str, str]
    since: date | None = None
    wobbles: tuple[tuple[str, str, float], ...] = ()

    @property
    def is_real(self) -> bool:
        """Whether the service of some place has changed."""
        return self.kind not in TRAPS and self.kind is not Kind.NOTHING

    @property
    def period(self) -> Period:
        return Period(self.month, months_later(self.month, 1))

    @property
    def baseline(self) -> Period:
        return self.period.previous()

    @property
    def span(self) -> Period:
        """All the data: some months before, and some days after."""
        return Period(months_later(self.month, -BEFORE), self.period.end + timedelta(days=AFTER))

    def luck(self, name: str) -> np.random.Generator:
        """A stream of its own for each choice, so that one more choice moves no other."""
        return np.random.default_rng([self.seed, self.difficulty, list(Kind).index(self.kind), *name.encode()])


def kind_of(seed: int) -> Kind:
    """The kind of a case that is asked for by its seed alone."""
    return list(Kind)[int(np.random.default_rng([seed, 17]).integers(len(Kind)))]


def planted(seed: int, difficulty: int, kind: Kind, contacts: int = CONTACTS) -> Planted:
    """What is hidden in the case of this seed. Raises ValueError for a difficulty that there is none of."""
    if difficulty not in DIFFICULTIES:
        raise ValueError(f"difficulty is 1, 2 or 3, not {difficulty}")
    if seed < 0:
        raise ValueError(f"a seed is 0 or more, not {seed}")
    bare = Planted(kind=kind, seed=seed, difficulty=difficulty, month=MONTHS[0], place={})
    rng = bare.luck("place")
    month = MONTHS[int(rng.integers(len(MONTHS)))]
    place = _PLACES[kind](rng, difficulty) if kind in _PLACES else {}
    since = _since(rng, kind, month)
    wobbles = _wobbles(bare, place) if bare.is_real else ()
    return replace(bare, contacts=contacts, month=month, place=place, since=since, wobbles=wobbles)


def _one(rng: np.random.Generator, names: tuple[str, ...]) -> str:
    return str(names[int(rng.integers(len(names)))])


def _rule(rng: np.random.Generator, difficulty: int) -> dict[str, str]:
    if difficulty == 3:
        return {"business": _one(rng, RULE_BUSINESSES), "tier": MOST, "channel": "phone"}
    return {"sub_type": _one(rng, RULE_SUB_TYPES)} | ({"tier": MOST} if difficulty == 2 else {})


def _flow(rng: np.random.Generator, difficulty: int) -> dict[str, str]:
    wide = {"scenario": _one(rng, FLOW_SCENARIOS[: 4 if difficulty == 1 else 2])}
    return wide | dict([("touchpoint", "bot_text"), ("tier", MOST)][: difficulty - 1])


def _team(rng: np.random.Generator, difficulty: int) -> dict[str, str]:
    wide = {"team": _one(rng, rota.VOICE_TEAMS)}
    return wide | dict([("touchpoint", "enquiry_call"), ("tier", MOST)][: difficulty - 1])


def _peak(rng: np.random.Generator, difficulty: int) -> dict[str, str]:
    when = {"part_of_day": _one(rng, ("midday", "evening")), "touchpoint": "enquiry_call"}
    return when | ({"tier": MOST} if difficulty == 3 else {})


def _line(rng: np.random.Generator, difficulty: int) -> dict[str, str]:
    """The line that the mix moves to."""
    return {"business": "value_added"}


def _looks_bad(rng: np.random.Generator, difficulty: int) -> dict[str, str]:
    """Who has most of the lines that please least."""
    if rng.random() < 0.5:
        return {"team": _one(rng, rota.VOICE_TEAMS)}
    return {"region": _one(rng, ("east", "south", "west", "north"))}


_PLACES: dict[Kind, Any] = {
    Kind.RULE: _rule,
    Kind.FLOW: _flow,
    Kind.TEAM: _team,
    Kind.PEAK: _peak,
    Kind.MIX_TRAP: _line,
    Kind.SIMPSON_TRAP: _looks_bad,
}


def place_like(kind: Kind, rng: np.random.Generator, difficulty: int) -> Mapping[str, str]:
    """A place as a case of this kind and difficulty would have it."""
    place: Mapping[str, str] = _PLACES[kind](rng, difficulty)
    return place


def _since(rng: np.random.Generator, kind: Kind, month: date) -> date | None:
    """Rules, releases and teams change on some day of the first week; a roster begins with the month."""
    if kind in (Kind.RULE, Kind.FLOW, Kind.TEAM):
        return month + timedelta(days=int(rng.integers(0, 5)))
    return month if kind in (Kind.PEAK, Kind.MIX_TRAP) else None


def _wobbles(bare: Planted, place: Mapping[str, str]) -> tuple[tuple[str, str, float], ...]:
    """Places apart from the planted one, of dimensions that it does not speak of."""
    rng = bare.luck("wobbles")
    free = {
        "region": world.REGIONS[:5],
        "business": world.BUSINESSES[:4],
        "touchpoint": ("online_self", "online_agent"),
    }
    own = set(place) | ({"business"} if "sub_type" in place else set())
    names = [name for name in free if name not in own]
    chosen = rng.permutation(names)[: WOBBLES[bare.difficulty]]
    return tuple((str(name), _one(rng, free[name]), float(WOBBLE * rng.choice([-1, 1]))) for name in chosen)
