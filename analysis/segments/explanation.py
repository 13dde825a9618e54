"""From answers to the segments that explain their change: evidence, candidates, search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.segments.cells import Answers
from analysis.segments.levels import Evidence, Level, level_of
from analysis.segments.scatter import scatter
from analysis.segments.search import Choice, Prices, Search
from analysis.segments.space import Array, Codes, Space, Where

ROUNDS = 5  # of searching and measuring the scatter that is left
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
    half: Answers | None = None,
    progress: Callable[[int], None] = lambda found: None,
) -> tuple[Finding, tuple[Finding, ...]]:
    """Search all conjunctions of up to `depth` dimensions; members of two dimensions of `apart` never meet.

    `half` are some of the answers, at the same cells: if anything is found, these and the others are searched too.
    The sums of the other half are those of the whole less those of the one, so all are counted together.
    """
    known = level(answers)
    evidence = [known.evidence(*own.per_answer(answers.factor)) for own in (answers, half) if own is not None]
    progress(0)
    columns = np.concatenate([own.columns for own in evidence], axis=1)
    space, sums = Space.counted(
        answers.codes, columns, answers.sizes, depth=depth, least=LEAST, apart=apart, progress=progress
    )
    whole, *one = np.split(sums, len(evidence), axis=1)
    finding = _settled(Search(space, evidence[0], whole, Prices(), progress=progress))
    if not one or not finding.choice.chosen:
        return finding, ()
    count = len(finding.choice.chosen)
    parts = ((evidence[1], one[0]), (evidence[0].less(evidence[1]), whole - one[0]))
    return finding, tuple(_half(space, *part, progress=lambda _: progress(count)) for part in parts)


def _half(space: Space, evidence: Evidence, sums: Array, *, progress: Callable[[int], None]) -> Finding:
    """A search among the candidates that have enough answers in a half."""
    enough = sums[:, :2].min(axis=1) >= LEAST
    return _settled(Search(space.kept(enough), evidence, sums[enough], Prices(entry=0.0), progress=progress))


def _settled(search: Search) -> Finding:
    """The best choice. Where candidates scatter wider than single answers would, evidence is held against that
    scatter: what was chosen to explain it at first is chosen again."""
    choice = search.best()
    for _ in range(ROUNDS):
        wide = np.maximum(search.wide, scatter(search, choice))
        if np.allclose(wide, search.wide, rtol=0.01):
            break
        search.wide = wide
        choice = search.best()
    return Finding(search, choice)
