"""Are false alarms held, and is a fall seen in time? And what the sample plants is told with the right place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from analysis.monitor.watch import monitor
from analysis.monitor.watching.evidence import Looks, adjusted, discovered, evidence, needed
from analysis.monitor.watching.expectations import Expectations, expectations
from analysis.monitor.watching.segments_watched import Sums, Watched
from analysis.stats.intervals import Array
from data_access.labels import Labels
from data_access.metric_kinds import Rescaled
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.sources import open_source
from sample_data import make
from sample_data.causes import CAUSES

from ...proof import Figure

BASE, FAMILY, FALL, SD, WEEKS = 91, 214, 3.0, 16.5, 43
SEMANTIC = Path(__file__).resolve().parents[3] / "sample_data" / "semantic.toml"


def days_of(
    rng: np.random.Generator, sizes: Array, days: int, *, own: float, fall: int = -1, after: float = 0.0
) -> Expectations:
    """Answers of the sample's sd around 85, with days that differ by `own`; the last segment falls from a day on.

    after: how much of a day's difference goes on to the next one (autocorrelation).
    """
    n = rng.poisson(sizes[:, None] * np.ones(days)).astype(float)
    fresh = rng.normal(size=n.shape)
    for day in range(1, days):
        fresh[:, day] = after * fresh[:, day - 1] + np.sqrt(1 - after**2) * fresh[:, day]
    mean = 85 + own * fresh
    if fall >= 0:
        mean[-1, fall:] -= FALL
    total = n * mean + SD * np.sqrt(n) * rng.normal(size=n.shape)
    within = SD**2 * rng.chisquare(np.maximum(n - 1, 1e-9)) * (n > 1)
    squares = within + np.where(n > 0, total**2 / np.maximum(n, 1), 0.0)
    first = date(2026, 1, 1)
    names = tuple((("unit", str(i)),) for i in range(len(n)))
    when = tuple(first + timedelta(days=i) for i in range(days))
    metric = Metric("score", "score", Labels("score"), Rescaled(0, 100))
    level = np.ones(len(n), dtype=np.int64)
    found = Watched(metric, names, level, when, Sums(n, n, total, n, total, squares), ())
    return expectations(found, Period(first, first + timedelta(days=BASE)), skewness=0.0)


def told(known: Expectations) -> Array:
    """By segment and day, whether it signals."""
    looks = known.looks
    own = known.watched
    some = Looks(looks.z[own], looks.length[own], looks.level_error[own], looks.df[own])
    return discovered(evidence(some).total, np.zeros(int(own.sum())))


def test_one_signal_needs_what_is_needed() -> None:
    total = np.full((214, 1), -5.0)
    total[0] = needed(214) + 0.01
    assert discovered(total, np.zeros(214)).sum() == 1
    assert discovered(total, np.r_[0.02, np.zeros(213)]).sum() == 0
    total[1] = total[0] - np.log(1.9)  # two share the burden: each needs half
    assert discovered(total, np.zeros(214)).sum() == 2
    assert adjusted(total, np.zeros(214))[0, 0] <= adjusted(total, np.zeros(214))[1, 0]


@pytest.mark.prove
@pytest.mark.parametrize(("own", "after"), [(0.0, 0.0), (1.0, 0.0), (1.0, 0.5)])
def test_a_quiet_year_has_at_most_two_false_signals(own: float, after: float, figure: Figure) -> None:
    rng = np.random.default_rng(18)
    sizes = np.geomspace(3, 1000, FAMILY)
    false = [told(days_of(rng, sizes, BASE + 92, own=own, after=after)).any(axis=1).sum() for _ in range(16)]
    assert figure("false signals per year", float(np.mean(false)) * 365 / 92) <= 2


@pytest.mark.prove
def test_a_fall_of_three_points_at_200_answers_a_day_is_seen_within_a_week(figure: Figure) -> None:
    rng, sizes = np.random.default_rng(3), np.append(np.geomspace(3, 1000, FAMILY - 1), 200.0)
    start = BASE + 20
    seen = [told(days_of(rng, sizes, start + 7, own=0.0, fall=start))[-1, start:].any() for _ in range(60)]
    assert figure("seen within 7 days", float(np.mean(seen))) >= 0.8


@pytest.mark.prove
def test_what_the_sample_plants(sample_of: Callable[..., Path], figure: Figure) -> None:
    warehouse = open_source(f"duckdb:///{sample_of()}", cache=sample_of().parent, model=SEMANTIC)
    found = monitor(warehouse, Selection("score"), as_of=date(2026, 10, 31), leading=False).table
    first = found.iloc[0]
    assert first["segment"] == (("sub_type", "5g_bill"),) and first["since"] == "2026-10-06"
    assert first["direction"] == "down" and figure("change", first["change"]) < -10
    earlier = monitor(warehouse, Selection("score"), as_of=date(2026, 9, 30), leading=False).table
    assert {"plan_change", "team_17"} <= {value for segment in earlier["segment"] for _, value in segment}
    assert not any(("team", "team_08") in segment for table in (found, earlier) for segment in table["segment"])


@pytest.mark.prove
def test_a_quiet_sample_is_quiet_for_a_year(tmp_path: Path, figure: Figure) -> None:
    """Three samples without a cause, looked at each week for which there is a quarter before."""
    false = [len(told_by_week(make.build(tmp_path, seed=seed, without=CAUSES), tmp_path)) for seed in (71, 72, 73)]
    assert figure("false signals per year of the sample", float(np.mean(false)) * 52 / WEEKS) <= 2


def told_by_week(path: Path, cache: Path) -> set[tuple[object, object]]:
    """Signals by the segment and the day on which they began."""
    warehouse = open_source(f"duckdb:///{path}", cache=cache, model=SEMANTIC)
    told_ = set[tuple[object, object]]()
    for week in range(WEEKS):
        last = date(2026, 10, 31) - timedelta(weeks=week)
        table = monitor(warehouse, Selection("score"), as_of=last, leading=False).table
        told_ |= set(zip(table["segment"], table["time"], strict=True))
    warehouse.close()
    return told_
