"""The types of cause that reasons suggest, with what the data say of each, whose power it is and who is to act."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.diagnosis import cause_types
from data_access.selection import Filter, Selection
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.diagnosis.test_gaps import BOTH, MODEL, A, contacts


def test_weights_are_the_reasons_lost_points_in_parts(warehouse_of: MakeWarehouse) -> None:
    """By hand: a loses 30 for the wait (capacity 2/3, process 1/3) and 10 for the network; nothing elsewhere."""
    frame = contacts(1).assign(score=10, reason="")
    mine = frame.index[(frame["business"] == "a") & (frame["at"] >= "2026-10-01") & (frame["at"] < "2026-11-01")]
    frame.loc[mine[0::2], ["score", "reason"]] = [7, "wait_busy"]
    frame.loc[mine[1::2], ["score", "reason"]] = [9, "network_quality"]
    found = cause_types(warehouse_of(frame, MODEL), BOTH, path=A).table.set_index("code")["weight"]
    odd, even = len(mine[1::2]), len(mine[0::2])
    wait, network = 3 * even / (3 * even + odd), odd / (3 * even + odd)
    assert found["capacity"] == pytest.approx(wait * 2 / 3)
    assert found["process"] == pytest.approx(wait / 3)
    assert found["network"] == pytest.approx(network)


def test_a_long_wait_supports_capacity_and_an_even_one_refutes_it(warehouse_of: MakeWarehouse) -> None:
    frame = contacts(2, 6_000)
    mine = frame["business"] == "a"
    frame.loc[mine, "wait"] *= 4
    frame["score"] = np.clip(np.round(frame["score"] - np.log2(frame["wait"].clip(lower=10) / 10)), 1, 10)
    frame["reason"] = "wait_busy"
    table = cause_types(warehouse_of(frame, MODEL), BOTH, path=A).table
    assert (table.iloc[0]["code"], table.iloc[0]["verdict"]) == ("capacity", "supports")
    rude = contacts(2, 6_000).assign(reason="wait_busy")
    rude.loc[mine, "score"] = (rude["score"] - 2).clip(1, 10)
    table = cause_types(warehouse_of(rude, MODEL), BOTH, path=A).table.set_index("code")
    assert table.loc["capacity", "verdict"] == "refutes"


def test_a_reason_in_the_path_names_its_causes_only(warehouse_of: MakeWarehouse) -> None:
    frame = contacts(3)
    frame["reason"] = np.where(np.arange(len(frame)) % 2 == 0, "network_quality", "wait_busy")
    path = (*A, Filter("reason", ("network_quality",)))
    found = cause_types(warehouse_of(frame, MODEL), BOTH, path=path).table["code"]
    known = {reason.code: reason.causes for reason in load_taxonomy().reasons}
    assert set(found) <= {*known["network_quality"], "artefact"}


def test_without_reasons_it_says_so(warehouse_of: MakeWarehouse) -> None:
    model = 'score = { column = "score", scale = [1, 10] }'
    with pytest.raises(BadInput, match="no_reason"):
        cause_types(warehouse_of(pd.DataFrame({"score": [1, 2]}), model), Selection())


def test_unknown_reasons_suggest_nothing(warehouse_of: MakeWarehouse) -> None:
    found = cause_types(warehouse_of(contacts(4), MODEL), BOTH, path=A)
    assert list(found.table["code"]) == ["artefact"]
    assert [f.key for f in found.findings] == ["naming.cause.none"]
