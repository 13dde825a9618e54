"""Does what was found hold where it was not looked for? Each half is searched, and its finds told by the other half.

An effect estimated on the answers that singled it out is flattered by the luck that did so; the other half had none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.segments.cells import Answers, Own
from analysis.segments.explanation import Finding
from analysis.segments.space import Array, Codes
from analysis.stats.intervals import NAN, t_bounds

SAME = 0.8  # of the answers of either: the same find


@dataclass(frozen=True)
class Split:
    """A change estimated on answers that had no part in finding it; NaN when neither half found it."""

    change: float = NAN
    low: float = NAN
    high: float = NAN


@dataclass(frozen=True)
class Half:
    """What one half found, as cells of the other, and that other half."""

    found: tuple[Codes, ...]
    other: Answers


def halves(finds: Sequence[Finding], parts: Sequence[Answers]) -> tuple[Half, ...]:
    """What was found in either half, and the other half of each."""
    if any(part.n.sum(axis=0).min() <= 0 for part in parts):
        return ()
    found = [tuple(map(find.search.rows, find.choice.chosen)) for find in finds]
    return tuple(Half(own, other) for own, other in zip(found, reversed(parts), strict=False))


def rows_of(answers: Answers, where: Sequence[tuple[int, int]]) -> Codes:
    """Cells of a conjunction."""
    inside = np.ones(len(answers.codes), dtype=np.bool_)
    for d, member in where:
        inside &= answers.codes[:, d] == member
    return np.flatnonzero(inside)


def split(searched: Sequence[Half], where: Sequence[tuple[int, int]], scale: float) -> Split:
    """The change of a segment by the halves that found it, or one of nearly the same answers; both count alike."""
    owns = [own for half in searched if (own := _estimate(half, where)) is not None]
    if not owns:
        return Split()
    change = float(np.mean([own.change for own in owns]))
    error = float(np.sqrt(sum(own.error**2 for own in owns) * scale)) / len(owns)
    df = float(sum(own.n.sum() for own in owns)) - 2 * len(owns)
    low, high = t_bounds(np.array([change]), np.array([error]), np.array([df]))
    return Split(change, float(low[0]), float(high[0]))


def _estimate(half: Half, where: Sequence[tuple[int, int]]) -> Own | None:
    rows = rows_of(half.other, where)
    likeness = [_alike(half.other.n, rows, found) for found in half.found]
    best = int(np.argmax(likeness)) if likeness else 0
    if not likeness or likeness[best] <= SAME:
        return None
    own = half.other.own(half.found[best])
    return own if np.isfinite(own.error) and np.isfinite(own.change) else None


def _alike(n: Array, a: Codes, b: Codes) -> float:
    shared = float(n[np.intersect1d(a, b, assume_unique=True)].sum())
    return shared / max(float(n[a].sum() + n[b].sum()) - shared, 1.0)
