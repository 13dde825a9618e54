"""What is a training case? A story with data for the participants, and a key with the truth for the instructor.

Both travel as plain values: the store keeps them with a class, and gives the key to whom it may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from data_access.selection import Filter, Period


class Kind(StrEnum):
    """What lies behind the data of a case; of the traps and of NOTHING the right answer is "no real change"."""

    RULE = "rule"
    FLOW = "flow"
    TEAM = "team"
    PEAK = "peak"
    MIX_TRAP = "mix_trap"
    SIMPSON_TRAP = "simpson_trap"
    REGRESSION_TRAP = "regression_trap"
    NOTHING = "nothing"


TRAPS = frozenset({Kind.MIX_TRAP, Kind.SIMPSON_TRAP, Kind.REGRESSION_TRAP})


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A line of the rubric: `code` is location, evidence, depth or remedy; what earns full, half and no points."""

    code: str
    points: int
    full: Words
    half: Words
    none: Words


@dataclass(frozen=True, kw_only=True)
class Case:
    """What participants see of a case. `hints` come one by one; `period` and `baseline` are where pages begin."""

    code: str
    title: Words
    story: Words
    hints: tuple[Words, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    period: Period | None = None
    baseline: Period | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A step of the model answer's chain: the why with its answer, and what shows it."""

    why: Words
    evidence: Words


@dataclass(frozen=True, kw_only=True)
class Tradeoff:
    """An option that was not taken as the best: what it would gain, and what it would cost."""

    option: Words
    gain: Words
    cost: Words


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The relatively best solution. `gap`, `system`, `power`, `cause_type`, `remedies` are codes of the taxonomy."""

    problem: Words
    location: Words
    gap: str
    gap_why: Words
    system: str
    power: str
    cause_type: str
    remedies: tuple[str, ...]
    lift: Words
    check: Words
    chain: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What was planted: in which segment, since when and by which event of the calendar; no segment where nothing is.

    `kind` None: a case that was not made by a seed; its segment is what its author takes for right. `nothing`: the
    right answer is that there is no real change to be located.
    """

    segment: tuple[Filter, ...] = ()
    nothing: bool = False
    kind: Kind | None = None
    since: date | None = None
    event: str = ""


@dataclass(frozen=True, kw_only=True)
class Key:
    """What only the instructor sees before the reveal."""

    truth: Truth
    reference: Reference
    tradeoffs: Sequence[Tradeoff] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of the quiz: which level of measurement has a column, and why; `mistake` is what goes wrong else.

    `level` is nominal, ordinal or interval; a ratio counts as interval.
    """

    code: str
    column: Words
    level: str
    difficulty: int
    why: Words
    mistake: Words
    use: Words
