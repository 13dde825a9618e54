"""All measures by segment: the same numbers as each measure by itself, with p for all of them together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.service.board.board import service, service_measure
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse
from pages.words.catalogue import Catalogue

from .conftest import Beside

OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))


def test_cells_equal_a_count_by_hand_and_a_family_that_knows_no_segment_is_left_out(beside: Beside) -> None:
    calls = pd.DataFrame({"outcome": ["answered"] * 30 + ["abandoned"] * 10 + ["answered"] * 20, "queue_s": 5.0,
                          "requested_at": pd.Timestamp("2026-10-05 10:00"), "tier": ["vip"] * 40 + ["basic"] * 20,
                          "touchpoint": "phone", "customer_id": "k"})  # fmt: skip
    warehouse = beside(calls=calls)
    cells = service(warehouse, Selection("score"), by=("tier",)).parts["segments"].set_index(["measure", "segment"])
    assert cells.loc[("answer_rate", ("vip",)), "value"] == 0.75 and cells.loc[("answer_rate", ("basic",)), "n"] == 20
    assert "answer_rate" not in service(warehouse, Selection("score"), by=("team",)).parts["segments"].get(
        "measure", []
    )


def calls_of(month: int, complaint: int, enquiry: int) -> pd.DataFrame:
    """Calls of each day, 40 a day at both touchpoints, so many of them given up."""
    days = pd.date_range(f"2026-{month:02}-01", periods=28)
    each = (("complaint", complaint), ("enquiry", enquiry))
    rows = [
        (day, at, "abandoned" if i < lost else "answered") for day in days for at, lost in each for i in range(40)
    ]
    frame = pd.DataFrame(rows, columns=["requested_at", "touchpoint", "outcome"])
    return frame.assign(queue_s=5.0, customer_id="k", tier="vip")


def test_a_whole_that_holds_still_names_the_touchpoint_that_fell(beside: Beside) -> None:
    warehouse = beside(calls=pd.concat([calls_of(9, 2, 12), calls_of(10, 12, 2)]))
    selection = Selection("score", OCTOBER, SEPTEMBER)
    keys = {s.key: s.values for s in service(warehouse, selection, by=("touchpoint",)).findings}
    assert keys["service.hidden"]["where"] == {"touchpoint": "complaint"} and "service.worse" not in keys
    assert keys["service.board_quiet"]["worse"] == 0
    alone = service(warehouse, replace(selection, baseline=None)).findings[0].key
    assert alone == "service.board_alone"  # nothing was compared, so nothing can have got worse
    assert not any(s.key.startswith("service.hidden") for s in service(warehouse, selection).findings)


def test_one_sentence_names_the_families_that_are_missing_and_how_says_what_each_needs(beside: Beside) -> None:
    filters = (Filter("touchpoint", ("chat",)),)
    found = service(beside(calls=calls_of(10, 1, 1), agent="tier"), Selection("score", OCTOBER, filters=filters))
    assert [s.key for s in found.caveats] == [
        "service.not_of_selection", "service.not_in_data", "service.no_first_contacts",
    ]  # fmt: skip
    english, chinese = (Catalogue.load(language) for language in ("en", "zh-CN"))
    assert english.say(found.caveats[0]) == "Not of this selection: calls."
    assert chinese.say(found.caveats[1]).startswith("这份数据里没有：投诉、质检")
    said = " ".join(english.say(s) for s in found.caveats)
    assert "sample_data" not in said and "Nothing matches" not in said
    assert found.how is not None and "service.no_table.quality" in {s.key for s in found.how.assumptions}


@pytest.mark.prove
def test_each_measure_of_the_sample_is_as_it_stands_by_itself(sample: Warehouse) -> None:
    selection = Selection("score", OCTOBER, SEPTEMBER)
    cells = service(sample, selection, by=("touchpoint",)).parts["segments"]
    for measure, own in cells.groupby("measure"):
        alone = service_measure(sample, selection, measure=measure, by=("touchpoint",)).table.set_index("segment")
        own = own.set_index("segment")
        assert set(own.index) <= set(alone.index)
        alone = alone.loc[list(own.index)]
        for name, other in {"value": "score", "low": "low", "high": "high", "change": "change"}.items():
            np.testing.assert_allclose(100 * own[name].astype(float), alone[other].astype(float), atol=1e-9)
