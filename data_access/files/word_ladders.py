"""Which words rate something, and in which order? English, Chinese, German and French."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_name("rating_words.toml").read_text(encoding="utf-8"))
SIMPLE = str.maketrans("滿較極無評難願讚贊錯還優級別認", "满较极无评难愿赞赞错还优级别认")
NO_ANSWER = frozenset(WORDS["no_answer"])
NEUTRAL = re.compile("|".join(WORDS["neutral"]))
HALF_WAY = re.compile(r"基本(满意|同意|符合|赞同|认同)")  # the middle of three or five, or a step above it
NOT_QUITE = re.compile(r"不(太|大|怎么|甚)(满意|同意|符合|容易|愿意|可能|认同)")
OUTERMOST = 2.0  # of the degrees of words: "very" and stronger


@dataclass(frozen=True)
class Ladder:
    """The step of each word, from 1, of `steps` in all. sure: the words rate and do nothing else."""

    steps: int
    of: Mapping[str, int]
    sure: bool


def ladder_of(words: Iterable[str]) -> Ladder | None:
    """The ladder to which all words belong; None when one of them rates nothing, or when they are of two kinds.

    >>> ladder_of(["满意", "一般", "不满意"]).of["满意"], ladder_of(["非常满意", "满意", "不满意"]).steps
    (3, 4)
    >>> ladder_of(["high", "medium", "low"]) is None
    True
    """
    known = set(words)
    return _of_opposites(known) or _of_ladders(known)


def _of_opposites(words: set[str]) -> Ladder | None:
    middle = {w for w in words if NEUTRAL.fullmatch(w)}
    half = {w for w in words if HALF_WAY.fullmatch(w)}
    rest = words - middle - half
    for name, degrees_of in DEGREE_OF.items():
        degrees = {w: degree for w in rest if (degree := degrees_of.get(w)) is not None}
        degrees |= {w: -0.6 for w in rest if NOT_QUITE.fullmatch(w)}
        if rest and len(degrees) == len(rest):
            degrees |= dict.fromkeys(middle, 0.0) | dict.fromkeys(half, 0.5 if middle else 0.0)
            return _stepped(degrees, always=name != "easy") if len(set(degrees.values())) > 1 else None
    return None


def _stepped(degrees: Mapping[str, float], *, always: bool) -> Ladder:
    """Steps on both sides of a middle: as many as the fuller side has; the strongest words stand outermost."""
    up = sorted({d for d in degrees.values() if d > 0})
    down = sorted({-d for d in degrees.values() if d < 0})
    strong = max([*up, *down]) >= OUTERMOST
    each = max(len(up), len(down), 2 if strong else 1)
    middle = 0.0 in degrees.values()
    steps = 2 * each + middle

    def place(degree: float) -> int:
        side, other = (up, down) if degree > 0 else (down, up)
        size = abs(degree)
        if len(side) == each:
            return side.index(size) + 1
        if size >= OUTERMOST and size == side[-1]:
            return each
        return other.index(size) + 1 if size in other and len(other) == each else side.index(size) + 1

    def step(degree: float) -> int:
        if degree == 0:
            return each + 1
        return each + middle + place(degree) if degree > 0 else each + 1 - place(degree)

    return Ladder(steps, {word: step(degree) for word, degree in degrees.items()}, sure=always or steps > 3)


def _of_ladders(words: set[str]) -> Ladder | None:
    """The ladder that tells most of the words apart, and the shortest of those."""
    fitting = [(len({ladder.of[w] for w in words}), ladder) for ladder in ALL_LADDERS if words <= ladder.of.keys()]
    found = [one for one in fitting if one[0] > 1]
    return min(found, key=lambda one: (-one[0], one[1].steps))[1] if found else None


def _degrees() -> dict[str, dict[str, float]]:
    """For each pair of opposites its words with what they say, from -3 to 3."""
    found: dict[str, dict[str, float]] = {}
    for name, (good, bad) in WORDS["opposites"].items():
        words = found.setdefault(name, {})
        for sign, stems in ((1.0, good), (-1.0, bad)):
            for stem in _alternatives(stems):
                for degrees, size in WORDS["degrees"].items():
                    for degree in degrees.split("|"):
                        words.setdefault(_joined(degree, stem), sign * size)
    return found


def _alternatives(stems: str) -> list[str]:
    return [one for stem in stems.split("|") for one in ((stem[:-2], stem[:-1]) if stem.endswith("?") else (stem,))]


def _joined(degree: str, stem: str) -> str:
    return f"{degree}{stem}" if not degree or (degree >= "\u3400" and not stem.isascii()) else f"{degree} {stem}"


def _filled(ladder: list[str]) -> list[list[str]]:
    if "{x}" not in "".join(ladder):
        return [ladder]
    return [[step.replace("{x}", stem) for step in ladder] for stem in WORDS["stems"]]


def _ladder(steps: list[str]) -> Ladder:
    of = {word: number for number, step in enumerate(steps, start=1) for word in step.split("|")}
    return Ladder(len(steps), of, sure=len(steps) > 3)


DEGREE_OF = _degrees()
ALL_LADDERS = [_ladder(steps) for ladder in WORDS["ladders"] for steps in _filled(ladder)]
