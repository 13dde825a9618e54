"""Problems travel between layers and processes with their key and values."""

from __future__ import annotations

import pickle

import pytest

from data_access.statement import BadInput, NothingToShow, Problem, Statement, Unreachable


@pytest.mark.parametrize("kind", [BadInput, NothingToShow, Unreachable])
def test_a_problem_survives_pickling(kind: type[Problem]) -> None:
    again = pickle.loads(pickle.dumps(kind("warehouse.no_file", path="数据.db", key="a")))
    assert type(again) is kind
    assert again.statement == Statement("warehouse.no_file", {"path": "数据.db", "key": "a"})
    assert str(again) == "warehouse.no_file(path='数据.db', key='a')"


def test_equal_statements_are_one_in_a_set() -> None:
    assert len({Statement("a.b", {"x": 1, "y": [2]}), Statement("a.b", {"y": [2], "x": 1})}) == 1
    assert Statement("a.b", {"x": 1}) != Statement("a.b", {"x": 2})
