"""The sample warehouse: every planted cause is found where the truth says, and nothing once it is switched off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.contrast import contrast
from analysis.result import Result
from data_access.model_file import read_model
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.dialects.duckdb import to_read
from sample_data import make

from .houses import keys, pairs

pytestmark = pytest.mark.slow
CONTACTS = 110_000
MODEL = Path(make.__file__).with_name("semantic.toml")
OCTOBER = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)
SINCE_HIRING = Selection(
    period=Period(date(2026, 9, 11), date(2026, 11, 1)), baseline=Period(date(2026, 7, 1), date(2026, 9, 1))
)
TELEPHONE = tuple(f"team_{number:02d}" for number in range(1, 19))
CALLS = Selection().where("team", *TELEPHONE)
MATTERS = "different_and_matters"
Open = Callable[..., Warehouse]


@pytest.fixture(scope="module")
def built(sample_of: Callable[..., Path]) -> Callable[..., Path]:
    """The file of the small sample without the named causes."""
    return partial(sample_of, contacts=CONTACTS)


@pytest.fixture(scope="module")
def rows(built: Callable[..., Path]) -> pd.DataFrame:
    """Its contacts that are not exempted."""
    with to_read(built()) as connection:
        return connection.execute("SELECT * FROM contacts WHERE exempted = 0").df()


@pytest.fixture(scope="module")
def opened(built: Callable[..., Path], rows: pd.DataFrame) -> Iterator[Open]:
    """The small sample behind the product's own model; `rows` have been read, as a file is open once only."""
    made: list[Warehouse] = []

    @cache
    def _open(*without: str) -> Warehouse:
        made.append(open_warehouse(built(*without), read_model(MODEL)))
        return made[-1]

    yield _open
    for warehouse in made:
        warehouse.close()


@pytest.fixture(scope="module")
def planted(built: Callable[..., Path]) -> dict[str, Any]:
    """The truth beside the sample, by cause."""
    truth = json.loads(built().with_suffix(".truth.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in truth["planted"]}


def matters(found: Result) -> set[str]:
    table = pairs(found)
    return set(table.index[table["verdict"] == MATTERS])


@pytest.mark.parametrize(("by", "segment"), [("business", "mobile_5g"), ("sub_type", "5g_bill")])
def test_the_billing_rule_is_found_and_nothing_else(
    by: str, segment: str, opened: Open, planted: dict[str, Any]
) -> None:
    assert segment in planted["billing_rule"]["segment"][by]
    found = contrast(opened(), OCTOBER, by=[by])
    assert matters(found) == {segment}
    assert pairs(found).loc[segment, "difference"] < 0
    assert "contrast.moved_more" in keys(found)
    assert matters(contrast(opened("billing_rule"), OCTOBER, by=[by])) == set()


@pytest.mark.prove
def test_the_team_of_new_hires_is_found(opened: Open, planted: dict[str, Any]) -> None:
    (team,) = planted["new_hire_team"]["segment"]["team"]
    assert matters(contrast(opened(), SINCE_HIRING, by=["team"])) == {team}
    assert matters(contrast(opened("new_hire_team"), SINCE_HIRING, by=["team"])) == set()


def standings(found: Result, part: str, team: str) -> pd.Series:
    return found.parts[part].set_index("segment").loc[[(team,)]].iloc[0]


def test_the_team_that_looks_bad_through_its_mix(opened: Open, planted: dict[str, Any]) -> None:
    """Far behind as it is; with the same mix of businesses nothing sure is left, and the page says so."""
    (team,) = planted["mixed_team"]["segment"]["team"]
    found = contrast(opened(), CALLS, by=["team"], question="rest", alike=["business"])
    row = standings(found, "fair", team)
    whole = float(np.average(found.table["score"], weights=found.table["n"]))
    assert pairs(found).loc[team, "verdict"] == MATTERS
    assert row["turned"] and row["crude_high"] < whole
    assert row["adjusted_low"] < whole < row["adjusted_high"] and abs(row["adjusted"] - whole) < 1
    assert found.parts["fair"]["turned"].sum() == 1
    told = next(f for f in found.findings if f.key == "contrast.fair_turned")
    assert told.values["segment"] == {"team": team}
    assert pairs(found).loc[team, "mix"] == "business"


@pytest.mark.prove
def test_without_its_mix_nobody_flags_the_team(opened: Open, planted: dict[str, Any]) -> None:
    (team,) = planted["mixed_team"]["segment"]["team"]
    found = contrast(opened("mixed_team"), CALLS, by=["team"], question="rest", alike=["business"], deep=True)
    assert pairs(found).loc[team, "verdict"] != MATTERS
    assert not found.parts["fair"]["turned"].any()
    assert "contrast.fair_same" in keys(found)
    assert standings(found, "league", team)["outside"] == 0


def test_asked_alone_the_headline_is_the_mix(opened: Open, planted: dict[str, Any]) -> None:
    (team,) = planted["mixed_team"]["segment"]["team"]
    found = contrast(opened(), CALLS, by=["team"], segment=(team,))
    assert found.statistics["question"] == "rest"
    assert found.findings[0].key == "contrast.one_rest_mix"
    assert found.findings[0].values["mix"] == {"dimension": "business"}
    rank = next(f for f in found.findings if f.key == "contrast.rank_sure")
    assert (rank.values["rank"], rank.values["of"]) == (18, 18)
    other = contrast(opened("mixed_team"), CALLS, by=["team"], segment=(team,))
    assert other.statistics["verdict"] == "not_enough_evidence"
    assert other.findings[0].key == "contrast.one_rest_unknown"


def test_the_league_allows_for_luck(opened: Open, planted: dict[str, Any]) -> None:
    (team,) = planted["mixed_team"]["segment"]["team"]
    league = contrast(opened(), CALLS, by=["team"], question="rest", deep=True).parts["league"].set_index("segment")
    assert len(league) == len(TELEPHONE)
    drawn = (league["shrunken"] - league["score"]).abs()
    middle = league["shrunken"].mean()
    assert ((league["shrunken"] - middle).abs() <= (league["score"] - middle).abs() + 0.2).all()
    assert (drawn > 0).all()
    assert league.loc[[(team,)], "outside"].tolist() == [99.8]
    assert (league["rank_best"] <= league["rank"]).all() and (league["rank"] <= league["rank_worst"]).all()
    assert (league["limit998_low"] < league["limit95_low"]).all()


def within(rows: pd.DataFrame, period: Period | None) -> pd.DataFrame:
    assert period is not None
    at = rows["contacted_at"]
    return rows[(at >= pd.Timestamp(period.start)) & (at < pd.Timestamp(period.end))]


def test_scores_weighed_by_effort(opened: Open, rows: pd.DataFrame) -> None:
    """Strata of touchpoint and tier count by answers times mean handling time, the lightest being one."""
    strata = ["touchpoint", "tier"]
    found = contrast(opened(), CALLS, by=["team"], question="rest", alike=strata, complexity="handling")
    calls = rows[rows["team"].isin(TELEPHONE)]
    rated, effort = calls[calls["score"].notna()], calls.groupby(strata)["handle_s"].mean()
    weight = rated.groupby(strata).size() * (effort / effort.min())
    means = rated.groupby(["team", *strata])["score"].mean() * 10
    for team in TELEPHONE[:4]:
        own = means.loc[team]
        wanted = float((own * weight[own.index]).sum() / weight[own.index].sum())
        row = standings(found, "fair", team)
        assert row["adjusted"] == pytest.approx(wanted, rel=1e-9)
        assert row["covered"] == pytest.approx(weight[own.index].sum() / weight.sum(), rel=1e-9)
        assert row["crude"] == pytest.approx(rated.loc[rated["team"] == team, "score"].mean() * 10, rel=1e-9)


def test_shares_and_ranks_beside_last_month(opened: Open, rows: pd.DataFrame) -> None:
    found = contrast(opened(), Selection("score", OCTOBER.period), by=["business"], deep=True).parts["ranks"]
    for prefix, period in (("", OCTOBER.period), ("previous_", OCTOBER.baseline)):
        inside = within(rows[rows["score"].notna()], period)
        mean = 10 * inside.groupby("business")["score"].mean()
        share = inside.groupby("business").size() / len(inside)
        names = found["segment"].str[0].tolist()
        assert found[f"{prefix}score"].tolist() == pytest.approx(mean[names].tolist(), rel=1e-9)
        assert found[f"{prefix}share"].tolist() == pytest.approx(share[names].tolist(), rel=1e-9)
        assert found[f"{prefix}rank"].tolist() == mean.rank(ascending=False)[names].tolist()


def test_response_rates_and_what_the_silent_could_change(opened: Open, rows: pd.DataFrame) -> None:
    found = contrast(opened(), OCTOBER).statistics
    sides = []
    for period in (OCTOBER.period, OCTOBER.baseline):
        inside = within(rows, period)
        rated = inside.loc[inside["score"].notna(), "score"]
        sides.append((int(inside["invited"].sum()), len(rated), 10 * rated.mean()))
    (i1, n1, _), (i0, n0, _) = sides
    assert [found["response_rate"], found["other_response_rate"]] == pytest.approx([100 * n1 / i1, 100 * n0 / i0])
    now, then = ([(n * m + (i - n) * end) / i for end in (10, 100)] for i, n, m in sides)
    assert found["bound_low"] == pytest.approx(now[0] - then[1], rel=1e-9)
    assert found["bound_high"] == pytest.approx(now[1] - then[0], rel=1e-9)
