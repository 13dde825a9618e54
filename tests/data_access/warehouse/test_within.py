"""A part of a warehouse answers on every engine as the whole does with the filters of the part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SCOPES = {
    "a blank is a member": (Filter("business", ("3G", None)),),
    "several columns": (Filter("scenes", ("home",)), Filter("tier", ("gold", "basic"))),
    "a part of a text": (Filter("reason", ("态度",)),),
    "other types": (Filter("vip", ("true",)), Filter("load", ("0.5", "12.25"))),
    "a part of the time": (Filter("weekday", ("1", "2", "3")),),
}


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_a_part_answers_as_the_whole_with_its_filters(
    opened: Callable[..., Warehouse], scope: tuple[Filter, ...]
) -> None:
    whole = opened()
    part = whole.within(scope)
    for one, other in (
        (part.cells("score", ("team",), OCTOBER, ()), whole.cells("score", ("team",), OCTOBER, scope)),
        (part.values("wait", ("skill",), None, ()), whole.values("wait", ("skill",), None, scope)),
        (part.dose("score", "transfers", OCTOBER, ()), whole.dose("score", "transfers", OCTOBER, scope)),
        (part.population_by("score", ("tier",), None, ()), whole.population_by("score", ("tier",), None, scope)),
        (part.rows(Selection("score", OCTOBER)), whole.rows(Selection("score", OCTOBER, None, scope))),
    ):
        assert len(one.rows) and one.width == other.width
        assert_frame_equal(one.rows, other.rows)
    mine, theirs = part.codes(("score", "wait"), None, ()), whole.codes(("score", "wait"), None, scope)
    assert (mine.n, mine.of) == (theirs.n, theirs.of) and mine.n > 0
    for name in ("score", "wait"):
        assert np.array_equal(mine.columns[name].values, theirs.columns[name].values)


def test_a_part_knows_only_its_own_members_days_and_rows(
    opened: Callable[..., Warehouse], truth: pd.DataFrame
) -> None:
    part = opened().within([Filter("team", ("t1",))])
    mine = truth[truth["team"] == "t1"]
    assert part.members("team") == ["t1"]
    assert set(part.members("skill")) == {None, *map(str, mine["skill"].dropna())}
    assert part.extent().contacts == len(mine) and part.version().startswith(f"{len(mine)}@")
    assert (part.extent().first, part.extent().last) == (mine["contacted_at"].min(), mine["contacted_at"].max())
    of_both = part.within([Filter("tier", ("gold",)), Filter("team", ("t1",))])
    assert of_both.extent().contacts == int((mine["tier"] == "gold").sum())
    assert part.within([Filter("team", ("t2",))]).extent().contacts == 0


def test_a_contact_beyond_the_part_is_not_there(opened: Callable[..., Warehouse], truth: pd.DataFrame) -> None:
    part = opened().within([Filter("team", ("t1",))])
    ids = [str(truth.loc[truth["team"] == team, "contact_id"].iloc[0]) for team in ("t1", "t2")]
    assert list(part.given("score", ids, ()).rows["contact"]) == ids[:1]


def test_a_part_by_what_the_model_does_not_know_is_refused(opened: Callable[..., Warehouse]) -> None:
    with pytest.raises(BadInput):
        opened().within([Filter("county", ("north",))])
