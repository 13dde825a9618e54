"""Was the standard met? Logged drivers of the contacts of a path beside those of the contacts they are held against.

A driver that stands worse on the path tells a miss. What the miss accounts for is read off the others: each contact
is held against others of the same mix that were served as badly in it. What is left among contacts that missed
nothing is another matter than service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.diagnosis.comparator import LEAST, SMALLEST, Ground, Reference
from analysis.diagnosis.sides import Side, sums_of
from analysis.diagnosis.standardised_gap import UNKNOWN, Gap, gap
from analysis.stats.intervals import NAN, Array
from data_access.semantics import Driver, Level
from data_access.warehouse.codes import Codes, Column

QUALITY = ("qa", "quality", "质检")  # words that mark a driver as the errors of a quality check
KNOWN = 0.5  # of the path's answers: a driver that fewer know is none of its standards
EXPLAINS = 0.5  # of the loss: a miss that explains less is not the answer
BINS = 8
MOST_MEMBERS = 1_000_000  # of a dimension that is held alike
MOST_DRIVERS = 12
COPY = 0.95  # coefficient from which a driver says nothing of its own
STANDARDS = 4  # that go most with the score make "within every standard"
SURE = 0.05
COLUMNS = ["driver", "n", "own", "other", "p", "explained", "missed"]


@dataclass(frozen=True)
class Standards:
    """table: drivers by the part of the loss that a miss explains, columns `COLUMNS`; own, other: their means.

    within: the gap among contacts that missed none of `kept`; failed: checked contacts with errors against those
    without, within the path; passed: those without errors against the other side's; checks: contacts checked.
    """

    table: pd.DataFrame
    within: Gap
    kept: tuple[str, ...]
    failed: Gap
    passed: Gap
    checks: int
    quality: str
    sampled: bool
    sql: tuple[str, ...]

    @property
    def missed(self) -> pd.Series | None:
        """The driver whose miss explains most of the loss, where it explains half of it."""
        told = self.table[self.table["missed"]]
        return None if told.empty else told.iloc[0]


@dataclass(frozen=True)
class _Answers:
    """Answers of one side: score, weights, unit and stratum of each, and what the drivers say of it."""

    value: Array
    weight: Array
    v: Array
    unit: Array
    strata: Array  # a column for each dimension held alike
    drivers: dict[str, Array]

    def sums(
        self, which: Array | None = None, beside: Array | None = None, alike: Sequence[int] | None = None
    ) -> pd.DataFrame:
        """As `sides.sums`, of some of the answers, in strata of some of the dimensions and of what is beside them."""
        own = np.ones(len(self.value), dtype=bool) if which is None else which
        stratum = np.zeros(int(own.sum()), dtype=np.int64)
        for column in range(self.strata.shape[1]) if alike is None else alike:
            stratum = stratum * MOST_MEMBERS + self.strata[own, column]
        if beside is not None:
            stratum = stratum * (BINS + 1) + beside[own]
        return sums_of(self.value[own], self.weight[own], stratum, self.unit[own], self.v[own])


def standards(ground: Ground, reference: Reference) -> Standards | None:
    """What drivers say of the loss that a comparison shows; None where the model has none."""
    names, quality = _drivers(ground, reference.own)
    if not names and not quality:
        return None
    asked = [*names, *([quality] if quality else [])]
    fetched = [_fetched(ground, side, reference.strata, asked) for side in (reference.own, reference.other)]
    own, other = _answers(ground, fetched, reference.strata, asked)
    names = [name for name in names if not _is_copy(other, name)]
    table = _table(ground, own, other, names)
    kept = _strongest(ground, other, names)
    failed, passed, checks = _checked(ground, own, other, quality)
    return Standards(table, _within(ground, own, other, kept), kept, failed, passed, checks, quality,
                     any(f.n < f.of for f in fetched), tuple(f.sql for f in fetched))  # fmt: skip


def _drivers(ground: Ground, own: Side) -> tuple[list[str], str]:
    """Drivers that most of the path's answers know, and the one that tells of quality checks."""
    model, metric = ground.warehouse.model, ground.metric
    usable = [n for n, d in model.drivers.items() if d.level is Level.INTERVAL and d.column != metric.column]
    quality = next((n for n in usable if _is_quality(model.drivers[n])), "")
    names = [n for n in usable if n != quality]
    if not names:
        return [], quality
    counts = ground.warehouse.known(metric.name, names, own.period, own.filters).rows.iloc[0]
    return [n for n in names if counts[n] >= KNOWN * counts["answers"]][:MOST_DRIVERS], quality


def _is_quality(driver: Driver) -> bool:
    words = " ".join([driver.name, driver.column, *(text for _, text in driver.labels.texts)]).casefold()
    return any(f" {mark}" in f" {words.replace('_', ' ')}" for mark in QUALITY)


def _fetched(ground: Ground, side: Side, strata: Sequence[str], drivers: Sequence[str]) -> Codes:
    cluster = ground.warehouse.model.cluster
    names = [ground.metric.name, *strata, *([cluster] if cluster else []), *drivers]
    return ground.warehouse.codes(names, side.period, side.filters)


def _answers(
    ground: Ground, fetched: Sequence[Codes], strata: Sequence[str], drivers: Sequence[str]
) -> list[_Answers]:
    """Both sides, with the same numbers for the same members and units."""
    cluster = ground.warehouse.model.cluster
    named = {name: _alike([f.columns[name] for f in fetched]) for name in [*strata, *([cluster] if cluster else [])]}
    found = []
    for side, codes in enumerate(fetched):
        score = _numbers(codes.columns[ground.metric.name])
        own = np.isfinite(score)
        weight = (np.ones(codes.n) if codes.weight is None else codes.weight)[own]
        columns = [named[name][side][own] for name in strata]
        found.append(_Answers(
            value=score[own],
            weight=weight,
            v=weight**2 if codes.weighting == "survey" else weight,
            unit=named[cluster][side][own] if cluster else np.zeros(len(weight), dtype=np.int64),
            strata=np.stack(columns, axis=1) if columns else np.zeros((len(weight), 0), dtype=np.int64),
            drivers={name: _numbers(codes.columns[name])[own] for name in drivers},
        ))  # fmt: skip
    return found


def _alike(columns: Sequence[Column]) -> list[Array]:
    """Members as the same whole numbers on both sides, 0 for a blank."""
    places: dict[str, int] = {}
    for column in columns:
        for member in column.values:
            places.setdefault(str(member), len(places) + 1)
    return [np.array([*(places[str(m)] for m in column.values), 0], dtype=np.int64)[column.codes]
            for column in columns]  # fmt: skip


def _numbers(column: Column) -> Array:
    """The values of a column of numbers, NaN where unknown."""
    values = np.append(np.asarray(column.values, dtype=float), NAN)
    return np.asarray(values[column.codes])


def _table(ground: Ground, own: _Answers, other: _Answers, names: Sequence[str]) -> pd.DataFrame:
    rows = [_row(ground, own, other, name) for name in names]
    table = pd.DataFrame([r for r in rows if r is not None], columns=COLUMNS)
    return table.sort_values("explained", ascending=False, na_position="last", ignore_index=True)


def _is_copy(side: _Answers, name: str) -> bool:
    """Whether a driver is the score itself by another name."""
    x = side.drivers[name]
    known = np.isfinite(x)
    if known.sum() < LEAST or np.ptp(x[known]) == 0 or np.ptp(side.value[known]) == 0:
        return False
    return bool(abs(np.corrcoef(x[known], side.value[known])[0, 1]) >= COPY)


def _row(ground: Ground, own: _Answers, other: _Answers, name: str) -> dict[str, object] | None:
    mine, theirs = own.drivers[name], other.drivers[name]
    if min(np.isfinite(mine).sum(), np.isfinite(theirs).sum()) < LEAST:
        return None
    worse = -1.0 if ground.warehouse.model.drivers[name].better == "high" else 1.0
    moved, (whole, left) = _moved(own, other, name), _served_alike(own, other, name)
    explained = 1 - left.value / whole.value if left.known and ground.sign * whole.value < 0 else NAN
    missed = moved.p < SURE and worse * moved.value > 0 and explained >= EXPLAINS
    means = [_mean(side, name) for side in (own, other)]
    values = [name, float(np.isfinite(mine).sum()), *means, moved.p, min(explained, 1.0), missed]
    return dict(zip(COLUMNS, values, strict=True))


def _mean(side: _Answers, name: str) -> float:
    known = np.isfinite(side.drivers[name])
    return float(np.average(side.drivers[name][known], weights=side.weight[known]))


def _moved(own: _Answers, other: _Answers, name: str) -> Gap:
    """The driver itself, held against the other side at the same mix."""
    sides = []
    for side in (own, other):
        known = np.isfinite(side.drivers[name])
        told = replace(side, value=side.drivers[name])
        sides.append(told.sums(known))
    return gap(*sides)


def _served_alike(own: _Answers, other: _Answers, name: str) -> tuple[Gap, Gap]:
    """The gap, and what is left of it among contacts served alike; of their mix as much as the others cover."""
    both = np.concatenate([own.drivers[name], other.drivers[name]])
    edges = np.unique(np.nanquantile(both, np.arange(1, BINS) / BINS))
    bins = [_bins(side.drivers[name], edges) for side in (own, other)]
    width = own.strata.shape[1]
    for alike in [list(range(width)), *([i] for i in reversed(range(width)) if width > 1), []]:
        found = gap(*(side.sums(beside=b, alike=alike) for side, b in zip((own, other), bins, strict=True)))
        if found.known:
            return gap(*(side.sums(alike=alike) for side in (own, other))), found
    return UNKNOWN, UNKNOWN


def _bins(values: Array, edges: Array) -> Array:
    """The bin of each value, the last one where it is unknown."""
    return np.where(np.isfinite(values), np.searchsorted(edges, values), BINS).astype(np.int64)


def _strongest(ground: Ground, other: _Answers, names: Sequence[str]) -> tuple[str, ...]:
    """The standards that the others' scores go with most: a miss costs them what matters."""
    costs = {}
    for name in names:
        ok = _meets(ground.warehouse.model.drivers[name], other.drivers[name], _standard(other.drivers[name]))
        known = np.isfinite(other.drivers[name])
        found = gap(other.sums(~ok & known), other.sums(ok & known))
        if ground.sign * found.value <= -SMALLEST and found.p < SURE:
            costs[name] = ground.sign * found.value
    return tuple(sorted(costs, key=lambda n: costs[n])[:STANDARDS])


def _standard(values: Array) -> float:
    """What is usual: the median, and of a yes or no the yes."""
    return float(np.nanmedian(values))


def _meets(driver: Driver, values: Array, standard: float) -> Array:
    """Whether each is no worse than the standard; what was not logged was no miss."""
    known = np.isfinite(values)
    good = values >= standard if driver.better == "high" else values <= standard
    return np.asarray(~known | good)


def _within(ground: Ground, own: _Answers, other: _Answers, kept: Sequence[str]) -> Gap:
    """The gap among contacts that missed none of the standards."""
    if not kept:
        return UNKNOWN
    usual, model = {n: _standard(other.drivers[n]) for n in kept}, ground.warehouse.model
    ok = [np.logical_and.reduce([_meets(model.drivers[n], side.drivers[n], usual[n]) for n in kept])
          for side in (own, other)]  # fmt: skip
    first, second = own.sums(ok[0]), other.sums(ok[1])
    return gap(first, second) if min(first["n"].sum(), second["n"].sum()) >= LEAST else UNKNOWN


def _checked(ground: Ground, own: _Answers, other: _Answers, quality: str) -> tuple[Gap, Gap, int]:
    """Failed against passed within the path, passed against the others' passed, and how many were checked."""
    if not quality:
        return UNKNOWN, UNKNOWN, 0
    driver = ground.warehouse.model.drivers[quality]
    known = [np.isfinite(side.drivers[quality]) for side in (own, other)]
    good = [_meets(driver, side.drivers[quality], 0.0 if driver.better == "low" else NAN) for side in (own, other)]
    if driver.better == "high" and known[1].any():
        best = float(np.nanmax(np.concatenate([own.drivers[quality], other.drivers[quality]])))
        good = [_meets(driver, side.drivers[quality], best) for side in (own, other)]
    passed, failed = own.sums(known[0] & good[0]), own.sums(known[0] & ~good[0])
    theirs = other.sums(known[1] & good[1])
    return _enough(failed, passed), _enough(passed, theirs), int(known[0].sum())


def _enough(first: pd.DataFrame, second: pd.DataFrame) -> Gap:
    return gap(first, second) if min(first["n"].sum(), second["n"].sum()) >= LEAST else UNKNOWN
