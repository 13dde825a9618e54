"""From answers to the segments that explain their change: evidence, candidates, search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.segments.answers import Answers
from analysis.segments.levels import Level, level_of
from analysis.segments.search import Choice, Prices, Search
from analysis.segments.space import Array, Codes, Space, Where

ROUNDS = 3  # of searching and measuring the scatter that is left
LEAST = 30.0  # answers in either period, below which a segment is no candidate


@dataclass(frozen=True)
class Finding:
    """A search that is over."""

    search: Search
    choice: Choice

    @property
    def wheres(self) -> tuple[Where, ...]:
        return tuple(self.search.space.where(i) for i in self.choice.chosen)

    @property
    def searched(self) -> dict[int, int]:
        """How many candidates there were of each depth."""
        counts = np.bincount(self.search.space.depths) if len(self.search.space) else np.zeros(1, dtype=np.int64)
        return {depth: int(count) for depth, count in enumerate(counts) if depth}

    def adjusted(self, chosen: Codes, z: Array) -> Array:
        """p of some candidates by their z, adjusted for all of their depth and for the depths (Bonferroni)."""
        searched = self.searched
        times = np.array([searched[int(d)] * len(searched) for d in self.search.space.depths[chosen]])
        return np.asarray(np.minimum(2 * stats.norm.sf(np.abs(z)) * times, 1.0))


def level(answers: Answers) -> Level:
    """The level of every cell, whatever the period."""
    return level_of(answers.codes, answers.sizes, *answers.per_answer())


def find(
    answers: Answers,
    *,
    depth: int,
    apart: frozenset[tuple[int, int]] = frozenset(),
    prices: Prices | None = None,
    known: Level | None = None,
    progress: Callable[[int], None] = lambda found: None,
) -> Finding:
    """Search all conjunctions of up to `depth` dimensions; members of two dimensions of `apart` never meet.

    `known` is the level of the cells where it is known already. Where candidates scatter wider than single answers
    would, evidence is held against that scatter: what was chosen to explain it at first is chosen again.
    """
    n, total, _ = answers.per_answer()
    told = (known or level(answers)).evidence(n, total)
    space = Space.of(answers.codes, n, answers.sizes, depth=depth, least=LEAST, apart=apart)
    search = Search(space, told, prices or Prices(), progress=progress)
    choice = search.best()
    for _ in range(ROUNDS):
        scale = np.maximum(search.scale, search.scatter(choice))
        if (scale == search.scale).all():
            break
        search.scale = scale
        choice = search.best()
    return Finding(search, choice)
