"""One table in forty dresses gives the same score, the same worst team and the same correlation from each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.contribution import contribution
from analysis.pair import pair
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.warehouse import Warehouse, open_warehouse
from tests.data_access.files.dresses import Dress, contacts, dresses

ALL = Selection(metric="score")
WORST = "Returns"


def opened(dress: Dress, folder: Path) -> Warehouse:
    """The file of a dress behind its drafted model, as nobody has touched it."""
    loaded = load_file(dress.write(folder), cache=folder / "cache")
    return open_warehouse(loaded.database, parse_model(draft_model(loaded).text))


def mean(team: str | None = None) -> float:
    """The score of a team or of all, on the scale 0..100."""
    return 20 * float(np.mean([c.score for c in contacts() if team in (None, c.team)]))


def named(warehouse: Warehouse, kind: str, header: str) -> str:
    """The name of the dimension or driver that a header became."""
    found = {n: one for n, one in getattr(warehouse.model, kind).items() if header in one.labels.get("en")}
    assert len(found) == 1, (header, [one.labels.get("en") for one in getattr(warehouse.model, kind).values()])
    return next(iter(found))


def same_numbers(dress: Dress, tmp_path: Path) -> None:
    warehouse = opened(dress, tmp_path)
    extent, (first, last) = warehouse.extent(), (contacts()[0].at, contacts()[-1].at)
    assert extent.first is not None and extent.last is not None
    assert (extent.first.date(), extent.last.date()) == (first.date(), last.date())
    found = contribution(warehouse, ALL, by=(named(warehouse, "dimensions", dress.names[2]),))
    assert found.statistics["n"] == len(contacts())
    assert found.statistics["score"] == pytest.approx(mean(), abs=1e-9)
    worst = found.table.sort_values("score").iloc[0]
    assert worst["segment"] == (dress.team(WORST),)
    assert worst["score"] == pytest.approx(mean(WORST), abs=1e-9)
    related = pair(warehouse, ALL, x=named(warehouse, "drivers", dress.names[3]), y="score")
    r = np.corrcoef([c.seconds for c in contacts()], [c.score for c in contacts()])[0, 1]
    assert related.statistics["value"] == pytest.approx(r, abs=1e-9)


def named_after(dress: Dress) -> str:
    return f"{dress.format}, {dress.layout}, {dress.score}, {dress.wait}, {dress.time}"


@pytest.mark.parametrize("dress", dresses()[::3], ids=named_after)
def test_same_numbers(dress: Dress, tmp_path: Path) -> None:
    same_numbers(dress, tmp_path)


@pytest.mark.prove
@pytest.mark.parametrize("dress", [*dresses(), *dresses(1), *dresses(2), *dresses(3)], ids=named_after)
def test_same_numbers_of_more(dress: Dress, tmp_path: Path) -> None:
    same_numbers(dress, tmp_path)
