"""What stands beside a comparison: the others' own change, the steps of a driver, the queries, who did not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.contrast import contrast
from data_access.selection import Selection
from data_access.warehouse import Warehouse

from .houses import OCTOBER, SEPTEMBER, house, keys, months, pairs, rng

MODEL = """
contact_id = "id"
responded = { column = "invited" }
time = { column = "at" }
score = { column = "score", scale = [1, 10] }
[drivers]
wait = { column = "wait", unit = "s", better = "low" }
[dimensions]
business = { column = "business" }
"""
BOTH = Selection("score", OCTOBER, SEPTEMBER)
EACH = 3_000
Make = Callable[[pd.DataFrame], Warehouse]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Make]:
    made: list[Warehouse] = []

    def _open(rows: pd.DataFrame) -> Warehouse:
        made.append(house(tmp_path / f"{len(made)}.duckdb", MODEL, {"answers": rows}))
        return made[-1]

    yield _open
    for warehouse in made:
        warehouse.close()


def two_months(fell: dict[str, float], *, invited: bool = True) -> pd.DataFrame:
    """Businesses whose scores fell by so many points from September to October; waits three times as long before."""
    random = rng(3)
    frames = []
    for period, now in ((SEPTEMBER, 0.0), (OCTOBER, 1.0)):
        business = random.choice(list(fell), EACH)
        mean = 8.5 - now * np.array([fell[b] for b in business]) / 10
        frames.append(pd.DataFrame({
            "at": months(period, EACH), "business": business, "invited": int(invited or now > 0),
            "score": np.clip(np.round(random.normal(mean, 1.2)), 1, 10),
            "wait": random.exponential(60 if now else 180, EACH),
        }))  # fmt: skip
    rows = pd.concat(frames, ignore_index=True)
    return rows.assign(id=range(len(rows)))


@pytest.mark.parametrize(("fell", "said"), [((8.0, 2.0), "moved_more"), ((4.0, 4.0), "moved_with_rest")])
def test_a_change_is_told_beside_that_of_the_others(fell: tuple[float, float], said: str, opened: Make) -> None:
    rows = two_months(dict(zip("ab", fell, strict=True)))
    found = contrast(opened(rows), BOTH, by=["business"])
    now, before = (rows[late].groupby("business")["score"].mean() for late in (is_late(rows), ~is_late(rows)))
    change = 10 * (now - before)
    assert pairs(found).loc["a", "rest_difference"] == pytest.approx(change["a"] - change["b"], abs=1e-9)
    assert f"contrast.{said}" in keys(found)


def is_late(rows: pd.DataFrame) -> pd.Series:
    return rows["at"] >= "2026-10-01"


def test_a_group_that_fell_less_than_the_others_is_told_so(opened: Make) -> None:
    """Many answers of a, few of the others: a is the surest, and yet the others fell further."""
    rows = two_months({"a": 4.0, "b": 4.0})
    fewer = rows[(rows["business"] == "a") | (rows["id"] % 6 == 0)].copy()
    later = (fewer["business"] == "b") & is_late(fewer)
    fewer.loc[later, "score"] = np.clip(
        fewer.loc[later, "score"] - np.resize([0, 0, 0, 0, 2], int(later.sum())), 1, 10
    )
    found = contrast(opened(fewer), BOTH, by=["business"])
    top = found.parts["pairs"].iloc[0]
    assert top["a"] == ("a",) and top["difference"] < 0 < top["rest_difference"] and top["rest_p"] < 0.05
    assert "contrast.moved_less" in keys(found)


def test_values_of_a_driver_have_the_same_steps_in_both_periods(opened: Make) -> None:
    """Each period on steps of its own would tie answers that do not tie."""
    found = contrast(opened(two_months({"a": 0.0, "b": 0.0})), Selection("wait", OCTOBER, SEPTEMBER), deep=True)
    values = found.parts["distribution"].groupby("group")["n"].size()
    assert (values < EACH).all()  # rounded at all
    alternatives = found.parts["alternatives"].set_index("method")
    rows = two_months({"a": 0.0, "b": 0.0})
    now, before = (rows.loc[chosen, "wait"] for chosen in (is_late(rows), ~is_late(rows)))
    wanted = stats.mannwhitneyu(now, before, method="asymptotic").statistic
    assert alternatives.loc["mann_whitney", "statistic"] == pytest.approx(wanted, rel=2e-3)


def test_no_query_is_told_twice(opened: Make) -> None:
    warehouse = opened(two_months({"a": 0.0, "b": 0.0}))
    found = contrast(warehouse, Selection("score", OCTOBER), by=["business"], deep=True)
    assert len(set(found.sql)) == len(found.sql) >= 4
    quick = contrast(warehouse, Selection("score", OCTOBER), by=["business"])
    assert quick.sql == found.sql[:2]  # the answers and who was asked: nothing that no sentence needs


@pytest.mark.parametrize("question", ["groups", "rest", "period"])
def test_a_closer_look_adds_tables_and_changes_nothing(opened: Make, question: str) -> None:
    warehouse, both = opened(two_months({"a": 4.0, "b": 0.0})), Selection("score", OCTOBER, SEPTEMBER)
    quick, deep = (contrast(warehouse, both, by=["business"], question=question, deep=d) for d in (False, True))
    for name in ("findings", "caveats", "statistics", "how"):
        assert repr(getattr(quick, name)) == repr(getattr(deep, name))
    pd.testing.assert_frame_equal(quick.table, deep.table)
    for name, part in quick.parts.items():
        pd.testing.assert_frame_equal(part, deep.parts[name])
    further = {"alternatives", "distribution", *(["ranks"] if question != "period" else [])}
    assert set(deep.parts) - set(quick.parts) == further


def test_nobody_invited_before_is_no_error(opened: Make) -> None:
    """A survey that only began: the rate now is told, that of before is not known."""
    found = contrast(opened(two_months({"a": 1.0}, invited=False)), BOTH)
    assert found.statistics["response_rate"] == 100 and np.isnan(found.statistics["other_response_rate"])
    assert "contrast.response_rate" in keys(found)


def test_nobody_invited_now_is_no_error_either(opened: Make) -> None:
    rows = two_months({"a": 1.0}, invited=False)
    rows["invited"] = 1 - rows["invited"]
    found = contrast(opened(rows), BOTH)
    assert np.isnan(found.statistics["response_rate"])
    assert not {"contrast.response_rate", "contrast.response_rates"} & set(keys(found))


def test_alike_answers_have_no_p_and_say_why(opened: Make) -> None:
    rows = two_months({"a": 0.0, "b": 0.0})
    rows["score"] = np.where(rows["business"] == "a", 10, 9)
    found = contrast(opened(rows), Selection("score", OCTOBER), by=["business"])
    assert np.isnan(found.statistics["p"]) and found.statistics["verdict"] == "not_enough_evidence"
    assert found.statistics["difference"] == 10 and "contrast.no_spread" in keys(found)
