"""On many fresh cases: what is planted is in the rows, traps hold nothing, each way to answer earns what it should.

The figures show how often the product's own search finds the planted place, by kind and difficulty: `found` at all,
`exact` to the contact.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from analysis.segments.leading import leading
from analysis.training.scoring import Match, location_points, match_of, product_score
from data_access.selection import Filter, Period, Selection
from data_access.taxonomy import load_taxonomy
from data_access.training import TRAPS, Kind
from data_access.training_file import read_case, read_key
from data_access.warehouse import Warehouse
from sample_data.case import make
from sample_data.case.planted import HARD_LINES, STRENGTH, planted
from tests.analysis.training.oracle import by_the_key
from tests.proof import Figure

from .conftest import opened
from .recount import asked, cells, during, largest, place_sql, z_of

pytestmark = [pytest.mark.prove, pytest.mark.slow]
SEEDS = range(100, 109)  # x 3 difficulties x 8 kinds: 216 cases
DIFFICULTIES = (1, 2, 3)
REAL = [kind for kind in Kind if kind not in TRAPS and kind is not Kind.NOTHING]
CALM = [kind for kind in Kind if kind not in REAL]


@dataclass
class Seen:
    """What was counted over the cases of a kind, by difficulty where it matters."""

    z: dict[int, list[float]] = field(default_factory=lambda: {d: [] for d in DIFFICULTIES})
    rest: list[float] = field(default_factory=list)
    found: dict[int, list[float]] = field(default_factory=lambda: {d: [] for d in DIFFICULTIES})
    exact: dict[int, list[bool]] = field(default_factory=lambda: {d: [] for d in DIFFICULTIES})
    largest: list[float] = field(default_factory=list)
    drop: list[float] = field(default_factory=list)
    cells: list[float] = field(default_factory=list)
    most: list[bool] = field(default_factory=list)


def walked(kind: Kind, folder: Path) -> Seen:
    """All cases of a kind, each thrown away when it has been looked at."""
    seen = Seen()
    for seed in SEEDS:
        for difficulty in DIFFICULTIES:
            path = make(folder, seed=seed, difficulty=difficulty, kind=kind)
            warehouse = opened(path)
            try:
                look(seen, path, warehouse, difficulty)
            finally:
                warehouse.close()
            if kind in TRAPS:
                tempts(kind, seed, difficulty, path)
            shutil.rmtree(path)
    return seen


def look(seen: Seen, path: Path, warehouse: Warehouse, difficulty: int) -> None:
    case, key = read_case(path), read_key(path)
    truth, before, now = key.truth, case.baseline, case.period
    assert before and now
    oracle = location_points(warehouse, truth.segment, truth.nothing, truth)
    whole = product_score(warehouse, by_the_key(key), key, taxonomy=load_taxonomy(), hints=0, rubric=case.rubric)
    assert (oracle, whole.total) == (100, 100)
    assert location_points(warehouse, (), True, truth) == (100 if truth.nothing else 0)
    seen.largest.append(location_points(warehouse, largest(path, now), False, truth))
    seen.drop.append(z_of(path, before, now, "TRUE")[1])
    place, nothing = searched(warehouse, Selection(period=now, baseline=before))
    match = match_of(warehouse, place, nothing, truth)
    seen.found[difficulty].append(match is not Match.WRONG)
    seen.exact[difficulty].append(match in (Match.EXACT, Match.RIGHTLY_NOTHING))
    if not truth.nothing:
        where = place_sql(truth.segment)
        seen.z[difficulty].append(z_of(path, before, now, where)[1])
        seen.rest.append(z_of(path, before, now, f"NOT coalesce({where}, FALSE)")[1])
        return
    z = cells(path, before, now)["z"].to_numpy(dtype=float)
    seen.cells += z.tolist()
    seen.most.append(bool(np.abs(z).max() > limit(len(z))))


def limit(count: int) -> float:
    """The |z| beyond which the largest of so many is in one case of twenty, by chance."""
    from scipy.stats import norm

    return float(norm.isf(0.05 / 2 / count))


def searched(warehouse: Warehouse, selection: Selection) -> tuple[tuple[Filter, ...], bool]:
    """The place that the product's first sentence names, or that it names none; what it says of it is not asked."""
    row = leading(warehouse, selection).row
    segment: Mapping[str, str] = dict(row["segment"]) if row else {}
    return tuple(Filter(name, (value,)) for name, value in segment.items()), not segment


def tempts(kind: Kind, seed: int, difficulty: int, path: Path) -> None:
    """Each trap has its bait."""
    plan = planted(seed, difficulty, kind)
    if kind is Kind.MIX_TRAP:
        shares = [share_of(path, period, plan.place) for period in (plan.baseline, plan.period)]
        assert shares[1] - shares[0] > 0.04
    if kind is Kind.SIMPSON_TRAP:
        ((dimension, member),) = plan.place.items()
        everywhere = f"{dimension} IS NOT NULL" + (" AND team <= 'team_09'" if dimension == "team" else "")
        table = asked(path, f"SELECT {dimension} = '{member}' own, avg(score * 10) m, "
                            f"avg((business IN {HARD_LINES})::INT) hard FROM contacts WHERE score IS NOT NULL AND "
                            f"exempted = 0 AND {everywhere} GROUP BY 1 ORDER BY 1")  # fmt: skip
        assert table["m"][1] < table["m"][0] - 2 and table["hard"][1] > table["hard"][0] + 0.3


def share_of(path: Path, period: Period, place: Mapping[str, str]) -> float:
    """The part of all contacts of a time."""
    query = f"SELECT avg(({place_sql(place)})::INT) AS part FROM contacts WHERE {during(period)}"
    return float(asked(path, query)["part"][0])


@pytest.mark.parametrize("kind", REAL)
def test_a_real_change_is_in_the_rows_and_the_search_finds_it(kind: Kind, tmp_path: Path, figure: Figure) -> None:
    seen = walked(kind, tmp_path)
    z = figure("z of the place by difficulty", [np.mean(seen.z[d]) for d in DIFFICULTIES])
    found = figure("found by difficulty", [np.mean(seen.found[d]) for d in DIFFICULTIES])
    exact = figure("exact by difficulty", [np.mean(seen.exact[d]) for d in DIFFICULTIES])
    assert max(one for own in seen.z.values() for one in own) < -1.96
    assert all(abs(own + STRENGTH[d]) < 1.5 for own, d in zip(z, DIFFICULTIES, strict=True))
    assert abs(figure("mean z of the rest", np.mean(seen.rest))) < 1.0 and np.max(np.abs(seen.rest)) < 4.5
    assert found[0] >= 0.85 and exact[0] >= 0.6, "nearly always, where it is easy"
    assert found[0] >= found[2] and exact[0] > exact[2], "harder is harder"
    assert figure("points for the largest segment", np.mean(seen.largest)) <= 30
    assert max(seen.drop) < 0


@pytest.mark.parametrize("kind", CALM)
def test_where_nothing_is_no_service_changed_beyond_chance(kind: Kind, tmp_path: Path, figure: Figure) -> None:
    seen = walked(kind, tmp_path)
    z = np.array(seen.cells)
    beyond = figure("part of kinds of contact beyond 1.96", np.mean(np.abs(z) > 1.96))
    assert 0.025 < beyond < 0.075 and abs(figure("mean z", z.mean())) < 0.25
    assert figure("cases with one beyond chance after correction", np.mean(seen.most)) <= 0.25
    right = figure("the search names nothing, by difficulty", [np.mean(seen.found[d]) for d in DIFFICULTIES])
    assert np.mean(right) >= 0.85
    assert np.mean(seen.largest) == 0
    drops = figure("z of the total", [np.min(seen.drop), np.mean(seen.drop), np.max(seen.drop)])
    assert drops[2] < 0 and (kind is Kind.MIX_TRAP or drops[0] > -1.96), "tempting, and no more"
