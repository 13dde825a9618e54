"""A pin beside a fresh run: holds, newer data with the same numbers, or numbers that moved and by how much."""

import math
from dataclasses import replace

import pytest

from data_access.workshop.compare import Moved, PinVerdict, compare_pin
from tests.data_access.workshop.conftest import evidence

PIN = evidence()
SAME = dict(PIN.statistics)


def test_same_data_same_numbers() -> None:
    check = compare_pin(PIN, SAME, "a81f3c")
    assert (check.verdict, check.statement.key) == (PinVerdict.HOLDS, "workshop.check.holds")


def test_newer_data_same_numbers() -> None:
    check = compare_pin(PIN, SAME, "b00000")
    assert (check.verdict, check.moved) == (PinVerdict.DATA_CHANGED, ())
    assert check.statement.key == "workshop.check.data_changed"


def test_newer_data_moved_a_number() -> None:
    check = compare_pin(PIN, SAME | {"score": 85.2}, "b00000")
    assert check.verdict is PinVerdict.NUMBERS_MOVED
    (moved,) = check.moved
    assert (moved.name, moved.then, moved.now) == ("score", 84.7, 85.2)
    assert moved.change == pytest.approx(0.5, abs=1e-12)
    assert (check.statement.key, check.statement.values) == ("workshop.check.numbers_moved", {"count": 1})


def test_a_number_that_moved_without_the_data_is_said_so() -> None:
    assert compare_pin(PIN, SAME | {"score": 85.2}, "a81f3c").statement.key == "workshop.check.computation_changed"


def test_the_order_of_summing_moves_nothing_and_a_millionth_does() -> None:
    assert compare_pin(PIN, SAME | {"score": 84.7 + 1e-12}, "a81f3c").moved == ()
    assert [m.name for m in compare_pin(PIN, SAME | {"score": 84.7 + 1e-6}, "a81f3c").moved] == ["score"]


def test_small_numbers_are_compared_too() -> None:
    pin = replace(PIN, statistics={"p": 1e-4})
    assert [m.name for m in compare_pin(pin, {"p": 2e-4}, "a81f3c").moved] == ["p"]


def test_withheld_new_and_missing_numbers_are_moves() -> None:
    check = compare_pin(PIN, {"score": math.nan, "additive": True, "p": 0.017}, "b00000")
    assert check.moved == (Moved("score", 84.7, None), Moved("lost_points", 15.3, None), Moved("p", None, 0.017))
    assert [m.change for m in check.moved] == [None, None, None]


def test_both_withheld_is_no_move() -> None:
    pin = replace(PIN, statistics={"low": math.nan})
    assert compare_pin(pin, {"low": None}, "a81f3c").verdict is PinVerdict.HOLDS


def test_nested_numbers_and_words() -> None:
    pin = replace(PIN, statistics={"effect": {"name": "d", "value": 0.15}, "interval": [1.0, 2.0], "test": "t"})
    same = {"effect": {"name": "d", "value": 0.15 + 1e-12}, "interval": (1.0, 2.0), "test": "t"}
    assert compare_pin(pin, same, "a81f3c").moved == ()
    moved = compare_pin(pin, {"effect": {"name": "d"}, "interval": (1.0, 2.1), "test": "u"}, "a81f3c").moved
    assert [m.name for m in moved] == ["effect", "interval", "test"]
