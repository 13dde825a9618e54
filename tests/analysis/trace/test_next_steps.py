"""Where to step next: the fixture's own path, shares against the rows, planted causes, and luck left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from analysis.trace import next_steps
from analysis.trace.cluster_variance import between_cluster_variance
from analysis.trace.runs import best_run
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import make
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.test_f1 import MODEL, SELECTION
from tests.analysis.trace.test_steps import CLUSTERED, OCTOBER, PATH, SEPTEMBER, TURN, answers

Opened = Callable[..., Warehouse]
SINCE_HIRING = Selection(
    period=Period(date(2026, 9, 11), date(2026, 11, 1)), baseline=Period(date(2026, 7, 1), date(2026, 9, 1))
)
LATE = Selection(period=Period(date(2026, 8, 1), date(2026, 11, 1)))


@pytest.fixture(scope="module")
def hotline(shared: Path, warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(pd.read_csv(shared / "fixtures/f1_hotline.csv", parse_dates=["contacted_at"]), MODEL)


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Iterator[Warehouse]:
    opened = open_warehouse(sample_of(), read_model(Path(make.__file__).with_name("semantic.toml")))
    yield opened
    opened.close()


def proposed(warehouse: Warehouse, selection: Selection, *path: Filter) -> tuple[str, tuple[str, ...], str] | None:
    table = next_steps(warehouse, selection, path=path).table
    rows = table[table["proposed"]]
    return None if rows.empty else (rows["dimension"].iloc[0], rows["value"].iloc[0], rows["why"].iloc[0])


def test_the_fixture_proposes_its_own_path(hotline: Warehouse) -> None:
    assert proposed(hotline, SELECTION) == ("business", ("3G",), "concentration")
    assert proposed(hotline, SELECTION, *PATH[:1]) == ("reason", ("等候/占线",), "reason")
    assert proposed(hotline, SELECTION, *PATH[:2]) == ("day_of_month", TURN, "concentration")
    assert proposed(hotline, SELECTION, *PATH) is None


def test_behind_a_reason_days_are_held_against_all_answers(hotline: Warehouse) -> None:
    row = next_steps(hotline, SELECTION, path=PATH[:2]).table.set_index("dimension").loc["day_of_month"]
    assert row["kept"] == pytest.approx(253 / 422, abs=1e-12)
    assert (row["n"], row["share"]) == (80, pytest.approx(167 / 600, abs=1e-12))
    assert row["kept_low"] > row["share"] and row["p_adjusted"] < 1e-4


def test_shares_and_concentration_against_the_rows(warehouse_of: MakeWarehouse) -> None:
    frame = answers()
    now = frame[(frame["at"] >= "2026-10-01") & (frame["business"] == "a")]
    lost = (10 - now["score"]).groupby(now["team"]).sum()
    kept, share = lost / lost.sum(), now["team"].value_counts(normalize=True).reindex(lost.index)
    opened = warehouse_of(frame, CLUSTERED)
    table = next_steps(opened, Selection(period=OCTOBER), path=[Filter("business", ("a",))]).table
    row = table.set_index("dimension").loc["team"]
    top = (kept - share).idxmax()
    assert row["value"] == (top,)
    assert (row["kept"], row["share"]) == pytest.approx((kept[top], share[top]))
    assert row["concentration"] == pytest.approx((kept - share).clip(lower=0).sum())
    assert row["index"] == pytest.approx(kept[top] / share[top])


def test_no_step_is_proposed_into_noise(warehouse_of: MakeWarehouse) -> None:
    frame = answers().assign(reason="")  # scores are drawn alike everywhere
    opened = warehouse_of(frame, CLUSTERED)
    assert proposed(opened, Selection(period=OCTOBER)) is None
    assert proposed(opened, Selection(period=OCTOBER, baseline=SEPTEMBER)) is None


@pytest.mark.slow
def test_a_lower_level_comes_first_and_an_upper_one_not_at_all(sample: Warehouse) -> None:
    found = next_steps(sample, LATE, path=[Filter("business", ("value_added",))]).table
    assert found["dimension"].iloc[0] == "sub_type" and found["child"].tolist()[0]
    assert found["child"].sum() == 1
    below = next_steps(sample, LATE, path=[Filter("sub_type", ("vas_cancel",))]).table
    assert not {"business", "sub_type"} & set(below["dimension"])


@pytest.mark.slow
def test_the_search_names_the_billing_rule(sample: Warehouse) -> None:
    both = Selection(period=OCTOBER, baseline=SEPTEMBER)
    assert proposed(sample, both) == ("sub_type", ("5g_bill",), "search")
    bills = Filter("sub_type", ("5g_bill",))
    since = tuple(str(day) for day in range(6, 32))  # the rule came into force on the sixth: most answers came after
    found = next_steps(sample, Selection(period=OCTOBER), path=[bills]).table.set_index("dimension")
    assert found.loc["day_of_month", "value"] == since and not found.loc["day_of_month", "offered"]
    for path in ((bills,), (bills, Filter("day_of_month", since))):
        assert proposed(sample, Selection(period=OCTOBER), *path) == ("reason", ("billing_dispute",), "reason")


@pytest.mark.prove
@pytest.mark.slow
def test_the_new_team_is_named_beside_it(sample: Warehouse) -> None:
    table = next_steps(sample, SINCE_HIRING).table.set_index("dimension")
    assert table.loc["team", ["value", "why"]].tolist() == [("team_17",), "search"]
    level = Selection(period=SINCE_HIRING.period)
    new = next_steps(sample, level, path=[Filter("tenure_band", ("d0_60",))]).table.set_index("dimension")
    assert new.loc["team", "value"] == ("team_17",) and new.loc["team", "kept_low"] > new.loc["team", "share"]


@pytest.mark.prove
@pytest.mark.slow
def test_waiting_leads_to_the_turn_of_the_month(sample: Warehouse) -> None:
    assert proposed(sample, LATE, Filter("reason", ("wait_busy",))) == ("day_of_month", TURN, "concentration")


@pytest.mark.slow
def test_the_bots_lead_to_the_broken_scenario(sample: Warehouse) -> None:
    bots = Filter("touchpoint", ("bot_ivr", "bot_text"))
    assert proposed(sample, LATE, bots) == ("flow_version", ("plan_change 3.3",), "concentration")


def test_what_cannot_be_asked(hotline: Warehouse) -> None:
    with pytest.raises(BadInput):
        next_steps(hotline, SELECTION, path=[Filter("busines", ("3G",))])
    with pytest.raises(NothingToShow):
        next_steps(hotline, Selection(period=Period(date(2020, 1, 1), date(2020, 2, 1))))


def test_a_run_goes_round_the_turn() -> None:
    values = [str(h) for h in range(24)]
    kept = np.where(np.isin(np.arange(24), [22, 23, 0, 1]), 3.0, 1.0)
    assert best_run(values, np.full(24, 1 / 24), kept / kept.sum()) == ("0", "1", "22", "23")
    assert best_run(values, np.full(24, 1 / 24), np.full(24, 1 / 24)) == ()


def spread(seed: int, *, worst: float = 0.0) -> pd.DataFrame:
    """Fifteen teams that differ as teams do, one of them by `worst` more; nothing else tells answers apart."""
    rng, n = np.random.default_rng(seed), 2_500
    team = rng.integers(0, 15, n)
    score = 8 + rng.normal(0, 0.3, 15)[team] - worst * (team == 3) + 1.5 * rng.normal(size=n)
    return pd.DataFrame({
        "at": pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61 * 1440, n), "min"), "reason": "",
        "score": np.clip(np.round(score), 1, 10), "business": rng.choice(["a", "b", "c"], n),
        "team": [f"t{t}" for t in team],
    })  # fmt: skip


@pytest.mark.prove
def test_the_worst_of_teams_that_differ_as_teams_do_is_no_place(warehouse_of: MakeWarehouse) -> None:
    """By answers alone three of four such teams would be proposed; with the usual spread, none of sixty was."""
    for seed in range(4):
        assert proposed(warehouse_of(spread(seed), CLUSTERED), Selection()) is None
    out = warehouse_of(spread(0, worst=3.0), CLUSTERED)
    assert proposed(out, Selection()) == ("team", ("t3",), "concentration")


def test_the_usual_spread_is_that_of_a_meta_analysis() -> None:
    """Against statsmodels' DerSimonian-Laird, each time without the clusters that the member has answers in."""
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(9), rng.integers(20, 60, 9))
    lost = 20 + rng.normal(0, 3, 9)[cluster] + rng.normal(0, 8, len(cluster))
    base = pd.DataFrame({"c": cluster, "n": 1.0, "w": 1.0, "v": 1.0, "lost": lost, "lost2": lost**2, "lostw": lost})
    groups = pd.Series(lost).groupby(cluster)
    mean, variance = groups.mean().to_numpy(), (groups.var() / groups.size()).to_numpy()
    held = np.zeros((3, 9), dtype=bool)
    held[1, 4] = held[2, [0, 7]] = True
    found = between_cluster_variance(base, held)
    for member in range(3):
        beside = ~held[member]
        tau2 = combine_effects(mean[beside], variance[beside], method_re="dl").tau2
        assert found.variance[member] == pytest.approx(max(tau2, 0.0))
        assert found.clusters[member] == beside.sum()


@pytest.mark.slow
def test_what_only_restates_volume_is_not_offered(sample: Warehouse) -> None:
    table = next_steps(sample, Selection(period=OCTOBER), path=[Filter("sub_type", ("5g_bill",))]).table
    offered = table[table["offered"]]
    assert "reason" in set(offered["dimension"])  # it carries half of the loss
    assert (offered.loc[offered["dimension"] != "reason", "index"] >= 1.1).all()
    assert len(offered) < len(table) and offered["proposed"].any()
