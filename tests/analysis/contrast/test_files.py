"""A file of generated tickets, whose scores have nothing to do with anything: what does a contrast make of luck?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.contrast import contrast
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse, open_warehouse

pytestmark = pytest.mark.prove
METRICS = ("score", "satisfied", "dissatisfied")
MATTERS = "different_and_matters"


@pytest.fixture(scope="module")
def tickets(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The file as a user's: read into a table, behind its drafted model."""
    (path,) = (shared / "data/support_tickets").glob("*.csv")
    loaded = load_file(path, cache=tmp_path_factory.mktemp("cache"))
    warehouse = open_warehouse(loaded.database, parse_model(draft_model(loaded).text))
    yield warehouse
    warehouse.close()


def alarms(tickets: Warehouse, metric: str, cuts: tuple[str, ...], question: str) -> list[tuple[str, str, str]]:
    """The cuts under which some difference is said to matter, after at least five that could be asked."""
    found, asked = [], 0
    for by in cuts:
        try:
            result = contrast(tickets, Selection(metric), by=[by], question=question)
        except NothingToShow:  # only closed tickets have a rating
            assert by == "ticket_status"
            continue
        asked += 1
        if result.statistics["verdict"] == MATTERS or (result.parts["pairs"]["verdict"] == MATTERS).any():
            found.append((metric, by, question))
    assert asked >= 4
    return found


@pytest.mark.parametrize("question", ["groups", "rest"])
@pytest.mark.parametrize("metric", METRICS)
def test_no_dimension_of_the_file_matters(tickets: Warehouse, metric: str, question: str) -> None:
    assert alarms(tickets, metric, tickets.model.filterable, question) == []


def test_of_all_that_is_offered_chance_gives_one_alarm(tickets: Warehouse) -> None:
    """A level of 5 % has false alarms: of 30 families by dimension and time one, two readings of one question."""
    times = tuple(name for name in tickets.model.offered if name not in tickets.model.filterable)
    found = [a for m in METRICS for q in ("groups", "rest") for a in alarms(tickets, m, times, q)]
    assert found == [("score", "hour", "groups"), ("score", "hour", "rest")]
    hours = contrast(tickets, Selection("score"), by=["hour"], question="rest").statistics
    assert 0.03 < hours["p_adjusted"] < 0.05 and hours["adjustment"] == "bh" and hours["family"] == 24
