"""From answers to the segments that explain their change: evidence, candidates, search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.segments.cells import CellSums
from analysis.segments.levels import Evidence
from analysis.segments.overdispersion import overdispersion
from analysis.segments.prices import Prices, shares
from analysis.segments.search import Choice, Search
from analysis.segments.space import Array, Codes, Space, Where
from analysis.stats.distributions import normal_sf

ROUNDS = 5  # of searching and estimating the overdispersion that is left
ALPHA_HALF = 0.1  # of half of the answers, which only confirms what the whole named
LEAST = 30.0  # answers in either period, below which a segment is no candidate


@dataclass(frozen=True)
class SearchResult:
    """A finished search."""

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

    def adjusted(self, candidates: Codes, z: Array) -> Array:
        """p of some candidates by their z, adjusted by their shares of the level (weighted Bonferroni).

        Segments named together need less luck each (Benjamini and Hochberg): theirs is divided by their number.
        """
        together = np.where(np.isin(candidates, self.choice.chosen), max(len(self.choice.chosen), 1), 1)
        own = shares(self.search.space)[candidates] * together
        return np.asarray(np.minimum(2 * normal_sf(np.abs(z)) / own, 1.0))


def find(
    cell_sums: CellSums,
    *,
    depth: int,
    nested: frozenset[tuple[int, int]] = frozenset(),
    half: Callable[[], CellSums] | None = None,
    earlier: Iterable[Search] = (),
    progress: Callable[[int], None] = lambda searched: None,
) -> tuple[SearchResult, tuple[SearchResult, ...]]:
    """Search all conjunctions of up to `depth` dimensions; a pair of dimensions in `nested` is never combined.

    `half` gives some of the answers, at the same cells: if anything is found, both halves are searched too. The sums
    of the other half are those of the whole less those of the first. `earlier` are the members (`of_members`) in
    changes between periods before, which show how much they waver by themselves.
    """
    level = cell_sums.level(nested)
    evidence = level.evidence(*cell_sums.per_answer())
    progress(0)
    space, sums = Space.counted(
        cell_sums.codes, evidence.columns, cell_sums.sizes, depth=depth, least=LEAST, nested=nested, progress=progress
    )
    before = tuple(earlier)
    finding = _converged(Search(space, evidence, sums, Prices(), progress=progress), before)
    if half is None or not finding.choice.chosen:
        return finding, ()
    count = len(finding.choice.chosen)
    one = level.evidence(*half().per_answer(cell_sums.factor))
    sums_of_one = space.all_sums(one.columns)
    parts = ((one, sums_of_one), (evidence.less(one), sums - sums_of_one))
    return finding, tuple(_half(space, *part, before, progress=lambda _: progress(count)) for part in parts)


def of_members(cell_sums: CellSums) -> Search:
    """The changes of the members of single dimensions, not yet searched."""
    evidence = cell_sums.level().evidence(*cell_sums.per_answer())
    space, sums = Space.counted(cell_sums.codes, evidence.columns, cell_sums.sizes, depth=1, least=LEAST)
    return Search(space, evidence, sums)


def _half(
    space: Space, evidence: Evidence, sums: Array, earlier: Sequence[Search], *, progress: Callable[[int], None]
) -> SearchResult:
    """A search among the candidates that have enough answers in a half."""
    enough = sums[:, :2].min(axis=1) >= LEAST
    prices = Prices(alpha=ALPHA_HALF)
    return _converged(Search(space.kept(enough), evidence, sums[enough], prices, progress=progress), earlier)


def _converged(search: Search, earlier: Sequence[Search] = ()) -> SearchResult:
    """The best choice, given how much candidates vary by themselves.

    Where they vary more than single answers would make them, the evidence is scaled by that overdispersion and the
    search repeated until it no longer changes.
    """
    choice = search.best()
    for _ in range(ROUNDS):
        dispersion = np.maximum(search.dispersion, overdispersion(search, choice, earlier))
        if np.allclose(dispersion, search.dispersion, rtol=0.01):
            break
        search.dispersion = dispersion
        choice = search.best()
    return SearchResult(search, choice)
