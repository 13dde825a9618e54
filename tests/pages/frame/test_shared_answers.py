"""What one person was answered is given to others of the same sight, and never to anybody of another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from analysis.contribution import contribution
from analysis.result import Result
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import Problem, Statement
from data_access.warehouse import Warehouse, open_warehouse
from pages.frame import running
from pages.frame.data_key import DataKey
from pages.frame.running import Bounds
from pages.words.catalogue import Catalogue

from ..conftest import MODEL

BOUNDS = Bounds(Catalogue.load("en").text, 30.0)
REGIONS, CHANNELS = ("north", "south", "east", "west"), ("phone", "bot", "online")


@pytest.fixture(scope="module")
def whole(sample: Path) -> Warehouse:
    return open_warehouse(str(sample), read_model(MODEL))


def parts(dimension: str, members: tuple[str, ...]) -> SearchStrategy[Filter]:
    return st.sets(st.sampled_from(members), min_size=1).map(lambda some: Filter(dimension, tuple(sorted(some))))


SCOPES = st.lists(parts("region", REGIONS) | parts("channel", CHANNELS), max_size=2, unique_by=lambda f: f.dimension)
QUESTIONS = st.builds(
    lambda month, some, by: (Selection("score", Period(date(2026, month, 1), date(2026, month + 1, 1)), None,
                                       tuple(some)), by),
    st.integers(3, 5), SCOPES, st.sampled_from(("business", "region")),
)  # fmt: skip
PEOPLE = st.lists(st.tuples(SCOPES, QUESTIONS), min_size=2, max_size=5)


def asked(
    whole: Warehouse,
    scope: list[Filter],
    question: tuple[Selection, str],
    analyse: Callable[..., Result] = contribution,
) -> Result:
    """As a page asks for somebody."""
    own, (selection, by) = whole.within(scope), question
    key = DataKey("sample", own.address, own.model_hash, own.scope, "v1")
    return running.answered(analyse, selection, {"by": (by,)}, warehouse=own, key=key, bounds=BOUNDS)


def alone(whole: Warehouse, scope: list[Filter], question: tuple[Selection, str]) -> Result:
    """As if nobody else had ever asked anything."""
    return contribution(whole.within(scope), question[0], by=(question[1],))


def answer(ask: Callable[..., Result], *about: Any) -> Result | Statement:
    """The result, or what is said where there is none."""
    try:
        return ask(*about)
    except Problem as problem:
        return problem.statement


def same(one: Result | Statement, other: Result | Statement) -> None:
    if isinstance(one, Statement) or isinstance(other, Statement):
        assert one == other
        return
    assert (one.findings, one.caveats, one.statistics) == (other.findings, other.caveats, other.statistics)
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.data_version == other.data_version


@given(people=PEOPLE)
@settings(max_examples=4, phases=[Phase.generate])
def test_everybody_is_answered_as_if_alone(whole: Warehouse, people: list[Any]) -> None:
    """All at once, then all again: from what is kept by then."""
    start = Barrier(len(people))

    def at_once(person: Any) -> Result | Statement:
        start.wait(30)
        return answer(asked, whole, *person)

    expected = [answer(alone, whole, *person) for person in people]
    with ThreadPoolExecutor(len(people)) as pool:
        for given_out, own in zip(pool.map(at_once, people), expected, strict=True):
            same(given_out, own)
    for person, own in zip(people, expected, strict=True):
        same(answer(asked, whole, *person), own)


def test_the_same_sight_is_asked_for_once_and_another_by_itself(whole: Warehouse) -> None:
    worked: list[Any] = []

    def counted(warehouse: Warehouse, selection: Selection, **options: Any) -> Result:
        worked.append(warehouse.scope)
        return contribution(warehouse, selection, **options)

    question = Selection("score", Period(date(2026, 6, 1), date(2026, 7, 1))), "business"
    north, south = [Filter("region", ("north",))], [Filter("region", ("south",))]
    for scope in ([], north, [], north, south):
        asked(whole, scope, question, counted)
    assert worked == [(), tuple(north), tuple(south)]
