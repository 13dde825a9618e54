"""Which gap is named by what was done to the data; without anything done hardly any."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.diagnosis import gaps
from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.taxonomy import load_taxonomy
from tests.analysis.conftest import MakeWarehouse

OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
BOTH = Selection(period=OCTOBER, baseline=SEPTEMBER)
FIVE = ["execution", "communication", "design", "perception", "cognition"]
MODEL = """
time = { column = "at" }
cluster = "team"
score = { column = "score", scale = [1, 10] }
[dimensions]
business = { column = "business" }
purpose = { column = "purpose" }
team = { column = "team" }
[drivers]
wait = { column = "wait", better = "low" }
qa_errors = { column = "qa_errors", better = "low" }
[reasons]
reason = { column = "reason" }
"""


def verdicts(result: Result) -> dict[str, str]:
    return dict(zip(result.table["code"], result.table["verdict"], strict=True))


def contacts(seed: int, n: int = 4_000) -> pd.DataFrame:
    """Two months of teams, businesses and purposes in which nothing goes with anything."""
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61, n), "D")
    return pd.DataFrame({
        "at": days, "team": rng.choice([f"t{i:02}" for i in range(16)], n),
        "business": rng.choice(["a", "b", "c", "d"], n, p=[0.15, 0.25, 0.3, 0.3]),
        "purpose": rng.choice(["x", "y"], n), "wait": rng.lognormal(3, 0.7, n).round(),
        "qa_errors": np.where(rng.random(n) < 0.3, rng.poisson(0.7, n), np.nan),
        "reason": rng.choice([f"r{i}" for i in range(12)], n),
        "score": np.clip(np.round(rng.normal(8, 1.8, n)), 1, 10),
    })  # fmt: skip


A = (Filter("business", ("a",)),)


@pytest.mark.parametrize("seeds", [4, pytest.param(20, marks=pytest.mark.prove)])
def test_without_a_cause_hardly_any_gap_is_supported(seeds: int, warehouse_of: MakeWarehouse) -> None:
    model = MODEL[: MODEL.index("[reasons]")]
    found = [verdicts(gaps(warehouse_of(contacts(seed), model), BOTH, path=A)) for seed in range(seeds)]
    assert sum(any(told[code] == "supports" for code in FIVE) for told in found) <= 1


def test_all_teams_alike_is_design_and_few_are_execution(warehouse_of: MakeWarehouse) -> None:
    alike = contacts(1)
    alike.loc[alike["business"] == "a", "score"] -= 2
    alike["score"] = alike["score"].clip(1, 10)
    told = verdicts(gaps(warehouse_of(alike, MODEL), BOTH, path=A))
    assert (told["execution"], told["design"]) == ("refutes", "supports")
    few = contacts(1)
    few.loc[(few["business"] == "a") & few["team"].isin(["t03", "t11"]), "score"] -= 6
    few["score"] = few["score"].clip(1, 10)
    result = gaps(warehouse_of(few, MODEL), BOTH, path=A)
    assert (verdicts(result)["execution"], verdicts(result)["design"]) == ("supports", "refutes")
    assert {unit["team"] for unit in result.findings[1].values["units"]} == {"t03", "t11"}


def test_errors_of_checks_count_where_teams_differ(warehouse_of: MakeWarehouse) -> None:
    frame = contacts(2, 8_000)
    mine = frame["business"] == "a"
    sloppy = mine & frame["team"].isin([f"t{i:02}" for i in range(8)])
    frame.loc[mine, "qa_errors"] = np.where(sloppy, np.arange(len(frame)) % 3, 0.0)[mine]
    frame.loc[mine & (frame["qa_errors"] > 0), "score"] -= 4
    frame["score"] = frame["score"].clip(1, 10)
    result = gaps(warehouse_of(frame, MODEL), BOTH, path=A)
    row = result.table.set_index("code").loc["execution"]
    assert row["verdict"] == "supports"
    assert result.parts["units"]["n"].sum() > 500


def test_reasons_with_and_without_a_plan(warehouse_of: MakeWarehouse) -> None:
    frame = contacts(3)
    frame.loc[frame["score"] <= 6, "reason"] = "r1"
    warehouse = warehouse_of(frame, MODEL)
    assert verdicts(gaps(warehouse, BOTH, path=A))["cognition"] == "no_data"
    assert verdicts(gaps(warehouse, BOTH, path=A, listed=()))["cognition"] == "supports"
    assert verdicts(gaps(warehouse, BOTH, path=A, listed=("r1",)))["cognition"] == "refutes"


def test_what_cannot_be_compared_says_so(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(contacts(4), MODEL)
    alone = gaps(warehouse, Selection())
    assert verdicts(alone)["artefact"] == "no_data"
    assert list(alone.table["code"]) == ["artefact", *(gap.code for gap in load_taxonomy().gaps)]
    assert len(alone.findings) == len(alone.table)
    with pytest.raises(NothingToShow):
        gaps(warehouse, BOTH, path=(Filter("business", ("nowhere",)),))
    with pytest.raises(BadInput, match="unknown_dimension"):
        gaps(warehouse, BOTH, path=(Filter("busines", ("a",)),))


def test_the_same_numbers_as_pandas(warehouse_of: MakeWarehouse) -> None:
    """The gap to the siblings, within strata, from the rows themselves."""
    frame = contacts(5)
    frame.loc[frame["purpose"] == "y", "score"] = (frame["score"] - 2).clip(1, 10)
    frame.loc[(frame["business"] == "a") & (frame["team"] < "t12"), "score"] -= 1.5
    frame["score"] = frame["score"].clip(1, 10)
    result = gaps(warehouse_of(frame, MODEL), BOTH, path=A)
    now = frame[frame["at"] >= "2026-10-01"].assign(x=lambda f: 10 * f["score"])
    if not (now["at"].dt.month == 10).all():
        now = now[now["at"].dt.month == 10]
    mine, others = now[now["business"] == "a"], now[now["business"] != "a"]
    level = result.parts["contrasts"].set_index("kind").loc["level"]
    assert level["alike"] == ("purpose",)
    expected = (mine["x"] - mine["purpose"].map(others.groupby("purpose")["x"].mean())).mean()
    assert level["held"] == pytest.approx(expected, abs=1e-9)
    assert level["crude"] == pytest.approx(mine["x"].mean() - others["x"].mean(), abs=1e-9)
    assert level["n"] == len(mine)


def test_exposure_to_a_campaign_tells_a_promise(warehouse_of: MakeWarehouse) -> None:
    model = MODEL.replace("[drivers]", '[dimensions.campaign]\ncolumn = "campaign"\n[drivers]')
    frame = contacts(6)
    told = np.random.default_rng(6).random(len(frame)) < 0.5
    frame = frame.assign(campaign=np.where(told, "spring", None))
    mine = frame["business"] == "a"
    even = gaps(warehouse_of(frame, model), BOTH, path=A)
    assert verdicts(even)["communication"] in ("refutes", "not_enough")
    frame.loc[mine & told, "score"] = (frame["score"] - 4).clip(1, 10)
    found = gaps(warehouse_of(frame, model), BOTH, path=A)
    assert verdicts(found)["communication"] == "supports"
    assert found.findings[2].values["by"] == {"dimension": "campaign"}


def test_what_the_score_made_itself_explains_nothing(warehouse_of: MakeWarehouse) -> None:
    """A driver that repeats the score, and a dimension that is blank where it is low, are left out."""
    frame = contacts(7)
    frame.loc[frame["business"] == "a", "score"] = (frame["score"] - 2).clip(1, 10)
    frame = frame.assign(wait=-frame["score"], handled=np.where(frame["score"] >= 8, "yes", None))
    model = MODEL.replace("[drivers]", '[dimensions.handled]\ncolumn = "handled"\n[drivers]')
    found = gaps(warehouse_of(frame, model), BOTH, path=A)
    assert verdicts(found)["execution"] == "refutes"
    assert "wait" not in set(found.parts["standards"]["driver"])
    assert all("handled" not in alike for alike in found.parts["contrasts"]["alike"])
