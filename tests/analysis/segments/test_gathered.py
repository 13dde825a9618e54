"""What a search rests on is gathered once for a change, whatever the depth, and never shared across scopes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.segments import segments
from analysis.segments.gathered import gathered
from data_access.selection import Filter
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.segments.test_segments import BOTH, MODEL, contacts

BY = ("team", "tier")


def test_a_second_search_of_the_same_change_asks_nothing_and_says_the_same(warehouse_of: MakeWarehouse) -> None:
    frame = contacts(4_000)
    one, other = warehouse_of(frame, MODEL), warehouse_of(frame, MODEL)
    segments(one, BOTH, by=BY, depth=2)
    found = gathered(one, BOTH, BY)
    assert gathered(one, BOTH, BY) is found
    pd.testing.assert_frame_equal(
        segments(one, BOTH, by=BY, depth=1).table, segments(other, BOTH, by=BY, depth=1).table
    )


def test_another_question_or_scope_is_gathered_by_itself(warehouse_of: MakeWarehouse) -> None:
    whole = warehouse_of(contacts(4_000), MODEL)
    part = whole.within([Filter("business", ("mobile",))])
    everything, mine = (gathered(w, BOTH, BY).cell_sums.n.sum() for w in (whole, part))
    gold = gathered(whole, replace(BOTH, filters=(Filter("business", ("mobile",)),)), BY).cell_sums.n.sum()
    assert everything > mine == gold > 0
