"""Two months of contacts with planted causes, made quickly: what the search for segments is measured on.

Levels of the score differ by every member; a cause is a conjunction whose score fell before it was rounded and
cut to 1..10. `plain` has additive levels and independent dimensions, `half` falls half as deep, `interact` has levels
that differ by pairs of members too, `knotted` has all of this, dimensions that go together, and causes that overlap.
A faint instance falls half as deep again. Some instances have no cause, some a surge of volume that hurt nobody.
Looks differ in dimensions, members, volume, skew, and in what an answer is: a score near its ceiling, yes or no.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Where = dict[int, int]  # dimension -> member
LEVELS = ("plain", "half", "interact", "knotted")
SIZES = (8, 24, 14, 4, 18, 3)


@dataclass(frozen=True)
class Look:
    """How the data look, whatever was planted in them."""

    sizes: tuple[int, ...] = SIZES
    answers: int = 28_000
    middle: float = 8.4
    spread: float = 1.4
    top: float = 10.0
    step: float = 1.0  # scores are rounded to it
    even: float = 2.0  # shape of the shares of members: the smaller, the more skewed
    cut: float | None = None  # yes (100) or no (0) by whether the score lies above it
    strength: float = 1.0  # of the causes
    waver: float = 0.0  # of each member of the first dimension by itself, every month, in spreads


LOOKS = {
    "usual": Look(),
    "few members, many answers": Look((5, 8, 6, 4), 120_000),
    "seven, skewed": Look((40, 12, 30, 6, 3, 9, 15), 30_000, even=0.6),
    "resolved or not": Look((8, 24, 14, 4, 18), 60_000, cut=7.0, strength=1.5),
    "seldom unresolved": Look((8, 24, 14, 4, 18), 60_000, cut=5.6, strength=2.0),
    "one to five, at the ceiling": Look((12, 20, 5, 7, 10), 40_000, 4.6, 0.9, 5.0, strength=1.3),
    "hundred, low": Look((40, 10, 3), 15_000, 70.0, 15.0, 100.0, 0.1),
}
OTHER_LOOKS = (
    Look((6, 12, 30, 5), 20_000),
    Look((8, 24, 14, 4, 18, 3), 28_000, 6.5, 2.2),
    Look((5, 5, 5, 5, 5, 5, 5), 40_000, 4.2, 0.9, 5.0),
    Look((40, 10, 3), 15_000, 70.0, 15.0, 100.0, 0.1),
)


@dataclass(frozen=True)
class Instance:
    """Answers one by one: codes (n, dimensions), value, and whether the answer is of the later month."""

    codes: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]
    later: npt.NDArray[np.bool_]
    sizes: tuple[int, ...]
    causes: tuple[Where, ...]
    surges: tuple[Where, ...]


def instance(seed: int, level: str = "plain", *, look: Look | None = None, causes: int | None = None) -> Instance:
    """One instance; the number of causes is drawn from 0..3 unless told. Every second seed is faint."""
    rng, look = np.random.default_rng([seed, LEVELS.index(level)]), look or Look()
    codes = _codes(rng, look, knotted=level == "knotted")
    later = rng.random(look.answers) < 0.5
    wanted = int(rng.choice(4, p=(0.12, 0.28, 0.3, 0.3))) if causes is None else causes
    planted = _planted(rng, codes, look, wanted, nested=level == "knotted")
    surges = _surge(rng, codes, later, look, planted) if rng.random() < 0.35 else ()
    value = look.middle + _levels(rng, codes, look, interact=level in ("interact", "knotted"))
    value += rng.normal(0, look.spread, look.answers) + _wavering(rng, codes, later, look)
    strength = (0.5 if level in ("half", "knotted") else 1.0) * (0.5 if seed % 2 else 1.0) * look.strength
    for where in planted:
        inside = held(codes, where)
        drop = rng.uniform(0.24, 0.5) / np.sqrt(inside.mean()) * np.sqrt(28_000 / look.answers)
        drop = max(drop, 0.7) if level in ("plain", "interact") else drop
        value -= min(drop * strength, 1.5 if level == "knotted" else 3.0) * look.spread / 1.4 * (inside & later)
    return Instance(codes, _answered(value, look), later, look.sizes, planted, surges)


def held(codes: npt.NDArray[np.int32], where: Where) -> npt.NDArray[np.bool_]:
    """Which answers lie in a conjunction."""
    return np.asarray(np.all([codes[:, d] == m for d, m in where.items()], axis=0))


def _codes(rng: np.random.Generator, look: Look, *, knotted: bool) -> npt.NDArray[np.int32]:
    columns = [rng.choice(size, look.answers, p=_shares(rng, size, look.even)) for size in look.sizes]
    if knotted:  # most members of one dimension lie within one or two members of another
        for child, parent in _ties(rng, len(look.sizes)):
            own = rng.integers(0, look.sizes[child], (look.sizes[parent], 2))
            tied = own[columns[parent], rng.integers(0, 2, look.answers)]
            columns[child] = np.where(rng.random(look.answers) < 0.5, tied, columns[child])
    return np.stack(columns, axis=1).astype(np.int32)


def _answered(value: npt.NDArray[np.float64], look: Look) -> npt.NDArray[np.float64]:
    if look.cut is not None:
        return np.where(value > look.cut, 100.0, 0.0)
    return np.asarray(np.clip(np.round(value / look.step) * look.step, look.step, look.top), dtype=np.float64)


def _ties(rng: np.random.Generator, dimensions: int) -> list[tuple[int, int]]:
    """One dimension ties two others, a fourth a fifth, as far as there are so many."""
    a, *others = (int(d) for d in rng.permutation(dimensions))
    return [(child, a) for child in others[:2]] + ([(others[3], others[2])] if len(others) > 3 else [])


def _shares(rng: np.random.Generator, size: int, even: float) -> npt.NDArray[np.float64]:
    drawn = rng.gamma(even, size=size) + 0.05 * even
    return np.asarray(drawn / drawn.sum())


def _wavering(
    rng: np.random.Generator, codes: npt.NDArray[np.int32], later: npt.NDArray[np.bool_], look: Look
) -> npt.NDArray[np.float64]:
    if not look.waver:
        return np.zeros(len(codes))
    table = rng.normal(0, look.waver * look.spread, (2, look.sizes[0]))
    return np.asarray(table[later.astype(int), codes[:, 0]])


def _planted(
    rng: np.random.Generator, codes: npt.NDArray[np.int32], look: Look, wanted: int, *, nested: bool
) -> tuple[Where, ...]:
    found: list[Where] = []
    while len(found) < wanted:
        depth = int(rng.choice((1, 2, 3), p=(0.6, 0.35, 0.05)))
        dimensions = rng.choice(len(look.sizes), depth, replace=False)
        where = {int(d): int(rng.integers(look.sizes[d])) for d in dimensions}
        if nested and found and len(found[-1]) == 1 and rng.random() < 0.4:
            where |= found[-1]
        if len(where) > 3 or where in found or not 0.008 < held(codes, where).mean() < 0.13:
            continue
        if not nested and any(held(codes, where)[held(codes, w)].mean() > 0.3 for w in found):
            continue
        found.append(where)
    return tuple(found)


def _surge(
    rng: np.random.Generator, codes: npt.NDArray[np.int32], later: npt.NDArray[np.bool_], look: Look,
    planted: tuple[Where, ...],
) -> tuple[Where, ...]:  # fmt: skip
    """Later answers move into one member that had few; everything else about them stays."""
    free = [d for d in range(len(look.sizes)) if not any(d in w for w in planted)]
    if not free:
        return ()
    d = int(max(free, key=lambda d: look.sizes[d]))
    m = int(np.argsort(np.bincount(codes[:, d], minlength=look.sizes[d]))[look.sizes[d] // 3])
    extra = later & (rng.random(len(codes)) < (codes[:, d] == m).mean())
    codes[extra, d] = m
    return ({d: m},)


def _levels(
    rng: np.random.Generator, codes: npt.NDArray[np.int32], look: Look, *, interact: bool
) -> npt.NDArray[np.float64]:
    level = np.zeros(len(codes))
    count = len(look.sizes)
    for d, size in enumerate(look.sizes):
        level += rng.normal(0, 0.17 * look.spread, size)[codes[:, d]]
    for a in range(count if interact else 0):
        for b in range(a):
            table = rng.normal(0, 0.11 * look.spread, (look.sizes[a], look.sizes[b]))
            level += table[codes[:, a], codes[:, b]]
    return level
