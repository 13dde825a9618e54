"""One pair looked at closely, asked through a file and held to counts, pandas and planted causes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.pair.pairs import asked, contacts, keys, opened, stones


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return contacts()


@pytest.fixture(scope="module")
def plain(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> Warehouse:
    return opened(warehouse_of, rows)


def test_kidney_stones_turn_and_both_sizes_are_named(warehouse_of: MakeWarehouse) -> None:
    found = asked(opened(warehouse_of, stones(10)), "treatment", "solved", within="kind")
    s, strata = found.statistics, found.parts["strata"].set_index("stratum")
    assert s["coefficient"] == "phi" and s["value"] == pytest.approx(0.0574, abs=1e-4), "B seems better"
    assert s["simpson"] and set(s["turned"]) == {"small", "large"}
    assert strata["value"].max() < 0 and s["pooled_high"] < 0, "A is better for each size"
    assert strata.loc["small", "n"] == 10 * (87 + 270)
    assert keys(found)[0].startswith("together") and {"turns", "turns_in"} <= set(keys(found))
    assert s["turned_held"] == ["kind"]


def test_the_published_counts_alone_prove_no_turn(warehouse_of: MakeWarehouse) -> None:
    found = asked(opened(warehouse_of, stones(1)), "treatment", "solved", within="kind")
    assert found.statistics["p"] == pytest.approx(0.130, abs=2e-3), "78 % against 83 % of 350 each"
    assert keys(found)[0] == "nothing" and not found.statistics["simpson"]


@pytest.mark.parametrize("extra", ["", 'cluster = "team"'])
def test_a_common_cause_is_named(warehouse_of: MakeWarehouse, rows: pd.DataFrame, extra: str) -> None:
    found = asked(opened(warehouse_of, rows, extra), "wait", "score", within="kind")
    s = found.statistics
    assert (s["kind"], s["coefficient"]) == ("scatter", "pearson") and s["value"] < -0.5
    told = next(f for f in found.findings if f.key == "pair.fades")
    assert told.values["names"] == [{"dimension": "kind"}]
    held = found.parts["partial"].set_index("given")
    assert abs(held.loc["kind", "value"]) < 0.08 < -held.loc["place", "value"]
    assert held.loc["place", "before"] == pytest.approx(s["value"])
    assert abs(s["pooled"]) < 0.08 and not s["simpson"]
    assert held.loc["", "value"] == s["partial_value"]
    assert s["clusters"] == (20 if extra else 0) and (s["n_effective"] <= s["n"] == len(rows))


def test_held_fixed_is_the_correlation_of_residuals(plain: Warehouse, rows: pd.DataFrame) -> None:
    held = asked(plain, "wait", "score", given=("kind", "calls")).parts["partial"].set_index("given")
    design = np.column_stack([pd.get_dummies(rows["kind"]), rows["calls"]]).astype(float)
    for name, columns in (("kind", slice(0, 3)), ("", slice(0, 4))):
        part = design[:, columns]
        u, v = (rows[c] - part @ np.linalg.lstsq(part, rows[c], rcond=None)[0] for c in ("wait", "score"))
        assert held.loc[name, "value"] == pytest.approx(np.corrcoef(u, v)[0, 1], abs=1e-9)


def test_what_holds_is_said_to_hold(plain: Warehouse) -> None:
    found = asked(plain, "wait", "score", given=("place", "calls"))
    told = next(f for f in found.findings if f.key == "pair.holds")
    assert told.values["after"] == pytest.approx(told.values["before"], abs=0.02)
    assert "holds_one" in keys(asked(plain, "wait", "score", given=("place",)))


def test_candidates_nobody_named_leave_out_what_tells_the_pair(plain: Warehouse) -> None:
    assert set(asked(plain, "place", "score").parts["partial"]["given"]) == {"", "kind", "team"}
    named = asked(plain, "place", "score", given=("spot", "kind")).parts["partial"].set_index("given")
    assert np.isnan(named.loc["spot", "value"]) and "" not in named.index


def test_what_is_hidden_over_all_is_found(warehouse_of: MakeWarehouse) -> None:
    """More wait costs points, but complaints wait least and score lowest."""
    rng = np.random.default_rng(3)
    angry = rng.integers(0, 2, 4_000)
    wait = np.round(100 - 30 * angry + 20 * rng.normal(size=4_000))
    score = 70 - 12 * angry - 0.3 * wait + 5 * rng.normal(size=4_000)
    score = 70 + score - np.polyval(np.polyfit(wait, score, 1), wait)
    frame = contacts(4_000).assign(wait=wait, score=score, kind=np.array(["calm", "angry"])[angry])
    found = asked(opened(warehouse_of, frame), "wait", "score")
    assert keys(found) == ["nothing", "hidden"]
    assert found.findings[1].values["names"] == [{"dimension": "kind"}]


def test_what_turns_only_with_all_held_fixed_is_told(warehouse_of: MakeWarehouse) -> None:
    """Kind and place both lie behind, half of it each."""
    rng = np.random.default_rng(8)
    kind, place, own = rng.integers(0, 3, 3_000), rng.integers(0, 3, 3_000), rng.normal(size=3_000)
    frame = contacts(3_000).assign(
        wait=np.round(50 + 20 * (kind + place) + 8 * own),
        score=(40 + 9 * (kind + place) - 3 * own + 4 * rng.normal(size=3_000)).clip(0, 100),
        kind=np.array(["a", "b", "c"])[kind],
        place=np.array(["p", "q", "r"])[place],
    )
    found = asked(opened(warehouse_of, frame), "wait", "score", given=("kind", "place"))
    assert found.statistics["turned_held"] == [""] and found.statistics["simpson"]
    (told,) = (f for f in found.findings if f.key == "pair.turns_together")
    assert told.values["after"] < 0 < told.values["before"] and told.values["count"] == 2


def test_a_month_of_the_other_sign_is_told(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    odd = rows["day"].dt.month == 2
    score = rows["score"].where(~odd, (20 + rows["wait"] / 5 + rows["score"] / 4).clip(0, 100))
    found = asked(opened(warehouse_of, rows.assign(score=score)), "wait", "score")
    assert found.statistics["turned_months"] == ["2026-02"]
    (told,) = (f for f in found.findings if f.key == "pair.unstable")
    assert told.values["names"] == ["2026-02"]
    months = found.parts["months"].set_index("month")
    assert list(months.index) == ["2026-01", "2026-02", "2026-03"] and months["n"].sum() == len(rows)
    own = rows.assign(score=score)[odd]
    assert months.loc["2026-02", "value"] == pytest.approx(own["wait"].corr(own["score"]))


def test_steady_months_are_counted(plain: Warehouse) -> None:
    (told,) = (f for f in asked(plain, "wait", "score").findings if f.key == "pair.stable")
    assert (told.values["same"], told.values["months"]) == (3, 3)


def test_bins_are_means_of_pandas(plain: Warehouse, rows: pd.DataFrame) -> None:
    found = asked(plain, "wait", "score")
    table = found.table
    assert table["n"].sum() == len(rows) and 15 <= len(table) <= 20
    for row in table.itertuples():
        own = rows[rows["wait"].between(row.x_low, row.x_high)]
        error = own["score"].std() / np.sqrt(len(own))
        assert (row.n, row.x, row.value) == pytest.approx((len(own), own["wait"].mean(), own["score"].mean()))
        assert row.high - row.value == pytest.approx(1.97 * error, rel=0.02)
    dots = found.parts["scatter"]
    assert len(dots) == 1_500 and set(zip(dots["x"], dots["y"], strict=True)) <= set(
        zip(rows["wait"], rows["score"], strict=True)
    )
    pd.testing.assert_frame_equal(dots, asked(plain, "wait", "score").parts["scatter"])


@pytest.mark.parametrize("turned", [False, True])
def test_boxes_are_quantiles_of_pandas(plain: Warehouse, rows: pd.DataFrame, turned: bool) -> None:
    found = asked(plain, *(("score", "kind") if turned else ("kind", "score")))
    s, table = found.statistics, found.table.set_index("member")
    assert (s["kind"], s["coefficient"], s["swapped"]) == ("boxes", "eta", turned)
    groups = rows.groupby("kind")["score"]
    assert table["value"].to_dict() == pytest.approx(groups.mean().to_dict())
    for name, share in (("p5", 0.05), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("p95", 0.95)):
        lower = groups.apply(lambda g, share=share: np.quantile(g, share, method="inverted_cdf"))
        assert table[name].to_dict() == pytest.approx(lower.to_dict())
    first = found.findings[0]
    assert first.key == "pair.together_boxes"
    assert (first.values["top"], first.values["bottom"]) == ({"kind": "enquiry"}, {"kind": "complaint"})


def test_shares_and_residuals_are_those_of_the_table(plain: Warehouse, rows: pd.DataFrame) -> None:
    found = asked(plain, "kind", "grade")
    counts = pd.crosstab(rows["kind"], rows["grade"]).astype(float)
    row, column, n = counts.sum(axis=1), counts.sum(axis=0), len(rows)
    assert found.statistics["coefficient"] == "rank_epsilon" and found.statistics["kind"] == "shares"
    for cell in found.table.itertuples():
        seen, (r, c) = counts.loc[cell.x_member, int(cell.y_member)], (row[cell.x_member], column[int(cell.y_member)])
        expected = r * c / n
        residual = (seen - expected) / np.sqrt(expected * (1 - r / n) * (1 - c / n))
        assert (cell.n, cell.share, cell.residual) == pytest.approx((seen, seen / r, residual))


@pytest.mark.parametrize(
    ("x", "y", "key"),
    [
        ("solved", "score", "together_yes_no"),
        ("kind", "solved", "together_shares_yes"),
        ("solved", "kind", "together_shares_with"),
        ("kind", "grade", "together_shares"),
        ("wait", "score", "together_scatter_less"),
    ],
)
def test_each_kind_has_its_own_words(plain: Warehouse, x: str, y: str, key: str) -> None:
    assert keys(asked(plain, x, y))[0] == key


def test_two_that_are_so_or_not(warehouse_of: MakeWarehouse, rows: pd.DataFrame) -> None:
    found = asked(opened(warehouse_of, rows.assign(calls=1 - rows["solved"])), "calls", "solved")
    assert keys(found)[0] == "together_both" and found.findings[0].values["yes"] == 0


def test_sides_can_be_exchanged(plain: Warehouse) -> None:
    for x, y in (("wait", "score"), ("kind", "score"), ("kind", "grade"), ("solved", "wait"), ("grade", "wait")):
        one, other = asked(plain, x, y, within="place"), asked(plain, y, x, within="place")
        names = ("value", "low", "high", "p", "n", "pooled", "partial_value", "partial_p")
        assert [one.statistics[n] for n in names] == pytest.approx([other.statistics[n] for n in names], nan_ok=True)
        assert keys(one)[1:] == keys(other)[1:]
