"""When is a change told as mix only? Where the score wavers little beside what its share of the answers did."""

from __future__ import annotations

import pytest

from analysis.change import change
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.test_change import MODEL, SELECTION, effects, frame


@pytest.mark.parametrize(
    ("risen", "said"), [(0, "mix_fewer"), (7, "mix_fewer"), (12, "rose_unclear"), (60, "rose_known")]
)
def test_a_score_that_wavers_beside_a_large_mix_is_mix_only(
    warehouse_of: MakeWarehouse, risen: int, said: str
) -> None:
    """Segment a halves its share; of its 300 answers some rise from 3 to 9, by 0.4 x 0.2 points each."""
    moved = [("a", 0, 3, 250), ("a", 0, 9, 250), ("b", 0, 9, 500)]
    moved += [("a", 1, 3, 150 - risen), ("a", 1, 9, 150 + risen), ("b", 1, 9, 700)]
    found = change(warehouse_of(frame(moved), MODEL), SELECTION, by=["segment"])
    rate, mix = effects(found)["a"]
    assert rate == pytest.approx(0.08 * risen) and mix > 2.7
    assert {s.values["segment"]["segment"]: s.key for s in found.findings[1:]}["a"] == f"change.segment_{said}"
