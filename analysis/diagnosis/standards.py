"""Was the standard met? Logged drivers of the contacts of a path against those of the comparison contacts.

A driver that is worse on the path is a missed standard. How much of the loss it explains is estimated by comparing
each contact with others of the same mix and the same value of the driver. A loss that is left among contacts that met
every standard is not one of service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.diagnosis.comparator import LEAST, PathComparison, PathScope
from analysis.diagnosis.standardised_gap import UNKNOWN, StandardisedGap, gap
from analysis.diagnosis.strata import Sample, sums_of_answers
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array
from analysis.stats.patience import step_by_step
from data_access.semantics import Driver, Level
from data_access.warehouse.codes import Codes, Column

QUALITY = ("qa", "quality", "质检")  # words that mark a driver as the errors of a quality check
KNOWN = 0.5  # of the path's answers must have a driver that counts as a standard
EXPLAINS = 0.5  # of the loss must be explained by a miss that counts as the cause
BINS = 8
MOST_MEMBERS = 1_000_000  # of a dimension that is standardised over
MOST_DRIVERS = 12
COPY = 0.95  # correlation with the score from which a driver is a copy of it
STANDARDS = 4  # those most associated with the score make "within every standard"
COLUMNS = ["driver", "n", "own", "other", "p", "explained", "missed"]


@dataclass(frozen=True, kw_only=True)
class Standards:
    """table: drivers by the part of the loss that a miss explains, columns `COLUMNS`; own, other: their means.

    within: the gap among contacts that missed none of `kept`; failed: checked contacts with errors against those
    without, within the path; passed: those without errors against the other sample's; checks: contacts checked.
    """

    table: pd.DataFrame
    within: StandardisedGap
    kept: tuple[str, ...]
    failed: StandardisedGap
    passed: StandardisedGap
    checks: int
    quality: str
    sampled: bool
    sql: tuple[str, ...]

    @property
    def missed(self) -> pd.Series | None:
        """The missed standard that explains most of the loss, if it explains half of it."""
        explained = self.table[self.table["missed"]]
        return None if explained.empty else explained.iloc[0]


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """Answers of one sample: score, weights, unit, strata and drivers of each."""

    value: Array
    weight: Array
    v: Array
    unit: Array
    strata: Array  # a column for each dimension standardised over
    drivers: dict[str, Array]

    def sums(
        self, which: Array | None = None, beside: Array | None = None, alike: Sequence[int] | None = None
    ) -> pd.DataFrame:
        """As `strata.sums`, of some of the answers, in strata of some of the dimensions and of `beside`."""
        own = np.ones(len(self.value), dtype=bool) if which is None else which
        stratum = np.zeros(int(own.sum()), dtype=np.int64)
        for column in range(self.strata.shape[1]) if alike is None else alike:
            stratum = stratum * MOST_MEMBERS + self.strata[own, column]
        if beside is not None:
            stratum = stratum * (BINS + 1) + beside[own]
        return sums_of_answers(self.value[own], self.weight[own], stratum, self.unit[own], self.v[own])


def standards(scope: PathScope, comparison: PathComparison) -> Standards | None:
    """What the drivers say about the loss of a comparison; None where the model has none."""
    names, quality = _drivers(scope, comparison.own)
    if not names and not quality:
        return None
    wanted = [*names, *([quality] if quality else [])]
    fetched = [_fetched(scope, sample, comparison.strata, wanted) for sample in (comparison.own, comparison.other)]
    own, other = _answers(scope, fetched, comparison.strata, wanted)
    names = [name for name in names if not _is_copy(other, name)]
    table = _table(scope, own, other, names)
    kept = _strongest_standards(scope, other, names)
    failed, passed, checks = _quality_checks(scope, own, other, quality)
    return Standards(
        table=table,
        within=_within(scope, own, other, kept),
        kept=kept,
        failed=failed,
        passed=passed,
        checks=checks,
        quality=quality,
        sampled=any(f.n < f.of for f in fetched),
        sql=tuple(f.sql for f in fetched),
    )


def _drivers(scope: PathScope, own: Sample) -> tuple[list[str], str]:
    """Drivers recorded for most of the path's answers, and the one that records quality checks."""
    model, metric = scope.warehouse.model, scope.metric
    usable = [n for n, d in model.drivers.items() if d.level is Level.INTERVAL and d.column != metric.column]
    quality = next((n for n in usable if _is_quality(model.drivers[n])), "")
    names = [n for n in usable if n != quality]
    if not names:
        return [], quality
    counts = scope.warehouse.known(metric.name, names, own.period, own.filters).rows.iloc[0]
    return [n for n in names if counts[n] >= KNOWN * counts["answers"]][:MOST_DRIVERS], quality


def _is_quality(driver: Driver) -> bool:
    words = " ".join([driver.name, driver.column, *(text for _, text in driver.labels.texts)]).casefold()
    return any(f" {mark}" in f" {words.replace('_', ' ')}" for mark in QUALITY)


def _fetched(scope: PathScope, sample: Sample, strata: Sequence[str], drivers: Sequence[str]) -> Codes:
    cluster = scope.warehouse.model.cluster
    names = [scope.metric.name, *strata, *([cluster] if cluster else []), *drivers]
    return scope.warehouse.codes(names, sample.period, sample.filters)


def _answers(
    scope: PathScope, fetched: Sequence[Codes], strata: Sequence[str], drivers: Sequence[str]
) -> list[_Sample]:
    """Both samples, with the same codes for the same members and units."""
    cluster = scope.warehouse.model.cluster
    named = {
        name: _shared_codes([f.columns[name] for f in fetched]) for name in [*strata, *([cluster] if cluster else [])]
    }
    samples = []
    for sample, codes in enumerate(fetched):
        score = _numbers(codes.columns[scope.metric.name])
        own = np.isfinite(score)
        weight = (np.ones(codes.n) if codes.weight is None else codes.weight)[own]
        columns = [named[name][sample][own] for name in strata]
        samples.append(_Sample(
            value=score[own],
            weight=weight,
            v=weight**2 if codes.weighting == "survey" else weight,
            unit=named[cluster][sample][own] if cluster else np.zeros(len(weight), dtype=np.int64),
            strata=np.stack(columns, axis=1) if columns else np.zeros((len(weight), 0), dtype=np.int64),
            drivers={name: _numbers(codes.columns[name])[own] for name in drivers},
        ))  # fmt: skip
    return samples


def _shared_codes(columns: Sequence[Column]) -> list[Array]:
    """Members as the same whole numbers in both samples, 0 for a blank."""
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


def _table(scope: PathScope, own: _Sample, other: _Sample, names: Sequence[str]) -> pd.DataFrame:
    rows = [_row(scope, own, other, name) for name in step_by_step(names)]
    table = pd.DataFrame([r for r in rows if r is not None], columns=COLUMNS)
    return table.sort_values("explained", ascending=False, na_position="last", ignore_index=True)


def _is_copy(sample: _Sample, name: str) -> bool:
    """Whether a driver is the score itself by another name."""
    x = sample.drivers[name]
    known = np.isfinite(x)
    if known.sum() < LEAST or np.ptp(x[known]) == 0 or np.ptp(sample.value[known]) == 0:
        return False
    return bool(abs(np.corrcoef(x[known], sample.value[known])[0, 1]) >= COPY)


def _row(scope: PathScope, own: _Sample, other: _Sample, name: str) -> dict[str, object] | None:
    mine, theirs = own.drivers[name], other.drivers[name]
    if min(np.isfinite(mine).sum(), np.isfinite(theirs).sum()) < LEAST:
        return None
    worse = -1.0 if scope.warehouse.model.drivers[name].better == "high" else 1.0
    moved, (whole, left) = _driver_gap(own, other, name), _matched_on(own, other, name)
    explained = 1 - left.value / whole.value if left.known and scope.sign * whole.value < 0 else NAN
    missed = moved.p < SIGNIFICANCE and worse * moved.value > 0 and explained >= EXPLAINS
    means = [_mean(sample, name) for sample in (own, other)]
    values = [name, float(np.isfinite(mine).sum()), *means, moved.p, min(explained, 1.0), missed]
    return dict(zip(COLUMNS, values, strict=True))


def _mean(sample: _Sample, name: str) -> float:
    known = np.isfinite(sample.drivers[name])
    return float(np.average(sample.drivers[name][known], weights=sample.weight[known]))


def _driver_gap(own: _Sample, other: _Sample, name: str) -> StandardisedGap:
    """The driver itself, compared with the other sample at the same mix."""
    frames = []
    for sample in (own, other):
        known = np.isfinite(sample.drivers[name])
        measured = replace(sample, value=sample.drivers[name])
        frames.append(measured.sums(known))
    return gap(*frames)


def _matched_on(own: _Sample, other: _Sample, name: str) -> tuple[StandardisedGap, StandardisedGap]:
    """The gap, and what is left of it among contacts matched on the driver, at as much of the mix as possible."""
    pooled = np.concatenate([own.drivers[name], other.drivers[name]])
    edges = np.unique(np.nanquantile(pooled, np.arange(1, BINS) / BINS))
    bins = [_bins(sample.drivers[name], edges) for sample in (own, other)]
    width = own.strata.shape[1]
    for alike in [list(range(width)), *([i] for i in reversed(range(width)) if width > 1), []]:
        matched = gap(*(sample.sums(beside=b, alike=alike) for sample, b in zip((own, other), bins, strict=True)))
        if matched.known:
            return gap(*(sample.sums(alike=alike) for sample in (own, other))), matched
    return UNKNOWN, UNKNOWN


def _bins(values: Array, edges: Array) -> Array:
    """The bin of each value, the last one where it is unknown."""
    return np.where(np.isfinite(values), np.searchsorted(edges, values), BINS).astype(np.int64)


def _strongest_standards(scope: PathScope, other: _Sample, names: Sequence[str]) -> tuple[str, ...]:
    """The standards most associated with the others' scores: a miss costs what matters, significantly."""
    costs = {}
    for name in step_by_step(names):
        ok = _meets_standard(scope.warehouse.model.drivers[name], other.drivers[name], _standard(other.drivers[name]))
        known = np.isfinite(other.drivers[name])
        cost = gap(other.sums(~ok & known), other.sums(ok & known))
        if scope.is_worse(cost.value) and cost.p < SIGNIFICANCE:
            costs[name] = scope.sign * cost.value
    return tuple(sorted(costs, key=lambda n: costs[n])[:STANDARDS])


def _standard(values: Array) -> float:
    """The median of a driver; of a yes or no, the more frequent one."""
    return float(np.nanmedian(values))


def _meets_standard(driver: Driver, values: Array, standard: float) -> Array:
    """Whether each value is no worse than the standard; what was not logged counts as met."""
    known = np.isfinite(values)
    good = values >= standard if driver.better == "high" else values <= standard
    return np.asarray(~known | good)


def _within(scope: PathScope, own: _Sample, other: _Sample, kept: Sequence[str]) -> StandardisedGap:
    """The gap among contacts that missed none of the standards."""
    if not kept:
        return UNKNOWN
    standard, model = {n: _standard(other.drivers[n]) for n in kept}, scope.warehouse.model
    met = [np.logical_and.reduce([_meets_standard(model.drivers[n], sample.drivers[n], standard[n]) for n in kept])
          for sample in (own, other)]  # fmt: skip
    first, second = own.sums(met[0]), other.sums(met[1])
    return gap(first, second) if min(first["n"].sum(), second["n"].sum()) >= LEAST else UNKNOWN


def _quality_checks(
    scope: PathScope, own: _Sample, other: _Sample, quality: str
) -> tuple[StandardisedGap, StandardisedGap, int]:
    """Failed against passed within the path, passed against the others' passed, and the number of checks."""
    if not quality:
        return UNKNOWN, UNKNOWN, 0
    driver = scope.warehouse.model.drivers[quality]
    known = [np.isfinite(sample.drivers[quality]) for sample in (own, other)]
    good = [
        _meets_standard(driver, sample.drivers[quality], 0.0 if driver.better == "low" else NAN)
        for sample in (own, other)
    ]
    if driver.better == "high" and known[1].any():
        best = float(np.nanmax(np.concatenate([own.drivers[quality], other.drivers[quality]])))
        good = [_meets_standard(driver, sample.drivers[quality], best) for sample in (own, other)]
    passed, failed = own.sums(known[0] & good[0]), own.sums(known[0] & ~good[0])
    theirs = other.sums(known[1] & good[1])
    return _gap_of_enough(failed, passed), _gap_of_enough(passed, theirs), int(known[0].sum())


def _gap_of_enough(first: pd.DataFrame, second: pd.DataFrame) -> StandardisedGap:
    return gap(first, second) if min(first["n"].sum(), second["n"].sum()) >= LEAST else UNKNOWN
