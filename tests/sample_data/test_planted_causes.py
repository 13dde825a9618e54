"""The analyses find each planted cause where the truth says, and find nothing once it is switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis.change import change
from analysis.contribution import contribution
from analysis.result import Result
from analysis.segments import segments
from data_access.model_file import read_model
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import make
from sample_data.causes import CAUSES, PEAK_DAYS

from .conftest import SWITCHED_OFF, truth_of

pytestmark = pytest.mark.slow
MODEL = Path(make.__file__).with_name("semantic.toml")
OCTOBER = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)
SINCE_RELEASE = Selection(
    period=Period(date(2026, 8, 17), date(2026, 11, 1)), baseline=Period(date(2026, 6, 2), date(2026, 8, 17))
)
SINCE_HIRING = Selection(
    period=Period(date(2026, 9, 11), date(2026, 11, 1)), baseline=Period(date(2026, 7, 1), date(2026, 9, 1))
)
QUEUES = ("enquiry_call", "complaint", "handover")
TELEPHONE = tuple(f"team_{number:02d}" for number in range(1, 19))
PEAK = tuple(str(day) for day in PEAK_DAYS)
SURE = 0.05
Open = Callable[..., Warehouse]


def row(found: Result, segment: str) -> pd.Series:
    return found.table[found.table["segment"] == (segment,)].iloc[0]


def told(found: Result) -> dict[object, str]:
    """What is said of each segment: the sentence's key by segment."""
    pairs = [(s.values.get("segment"), s.key) for s in found.findings]
    return {next(iter(segment.values())): key for segment, key in pairs if segment}


def fell(found: Result, segment: str) -> bool:
    """The page would say, with its adjusted p, that the segment's own score fell."""
    line = row(found, segment)
    return bool(line["p_adjusted"] < SURE and line["rate_effect"] < 0)


def pointed_at_5g_bills(warehouse: Warehouse) -> bool:
    found = segments(warehouse, OCTOBER, depth=2).table
    return list(found.loc[found["kind"] == "rate", "segment"].head(1)) == [(("sub_type", "5g_bill"),)]


def mobile_5g_fell(warehouse: Warehouse) -> bool:
    by_business = change(warehouse, OCTOBER, by=["business"])
    assert told(by_business).get("mobile_5g", "").endswith("_known") == fell(by_business, "mobile_5g")
    return fell(by_business, "mobile_5g") and fell(change(warehouse, OCTOBER, by=["sub_type"]), "5g_bill")


def bills_are_disputed(warehouse: Warehouse) -> bool:
    inside = contribution(warehouse, OCTOBER.where("sub_type", "5g_bill"), by=["reason"])
    return bool(row(inside, "billing_dispute")["contribution"] > 0.3)


def the_flow_fell(warehouse: Warehouse) -> bool:
    return fell(change(warehouse, SINCE_RELEASE, by=["scenario"]), "plan_change")


def the_flow_loops(warehouse: Warehouse) -> bool:
    by_scenario = contribution(warehouse, SINCE_RELEASE, by=["scenario"])
    inside = contribution(warehouse, SINCE_RELEASE.where("scenario", "plan_change"), by=["reason"])
    first = inside.table["segment"].iloc[0] == ("bot_loop",)
    return bool(row(by_scenario, "plan_change")["index"] > 1.7) and first


def queues_peak(warehouse: Warehouse) -> bool:
    calls = Selection().where("touchpoint", *QUEUES)
    days = contribution(warehouse, calls, by=["day_of_month"]).table
    peak = days["segment"].str[0].isin(PEAK)
    index = days["contribution"][peak].sum() / days["share"][peak].sum()
    waits = row(contribution(warehouse, calls.where("day_of_month", *PEAK), by=["reason"]), "wait_busy")
    return bool(index > 1.1 and waits["contribution"] > 0.17)


def the_new_team_loses(warehouse: Warehouse) -> bool:
    """More than its share, beyond the interval; and there the new agents."""
    teams = contribution(warehouse, SINCE_HIRING.where("team", *TELEPHONE), by=["team"])
    tenure = contribution(warehouse, SINCE_HIRING.where("team", "team_17"), by=["tenure_band"])
    new = row(teams, "team_17")
    surely = new["contribution_low"] > new["share"] and new["index"] == teams.table["index"].max()
    return bool(surely) and tenure.table["segment"].iloc[0] == ("d0_60",)


def the_new_team_fell(warehouse: Warehouse) -> bool:
    return fell(change(warehouse, SINCE_HIRING, by=["team"]), "team_17")


def the_mix_shifted(warehouse: Warehouse) -> bool:
    """All mix and no rate, and nobody blamed."""
    found = change(warehouse, OCTOBER, by=["business"])
    line = row(found, "value_added")
    assert abs(line["rate_effect"]) < 0.1 and not line["p_adjusted"] < SURE
    is_mix = line["mix_effect"] < -0.25
    assert not told(found).get("value_added", "").endswith("_known")
    return bool(is_mix)


def the_mixed_team_looks_bad(warehouse: Warehouse) -> bool:
    line = row(contribution(warehouse, Selection().where("team", *TELEPHONE), by=["team"]), "team_08")
    return bool(line["contribution_low"] > line["share"])


FINDINGS: Mapping[str, Mapping[str, Callable[[Warehouse], bool]]] = {
    "billing_rule": {
        "overview": pointed_at_5g_bills, "change": mobile_5g_fell, "contribution": bills_are_disputed,
    },
    "bot_flow": {"change": the_flow_fell, "contribution": the_flow_loops},
    "month_start_queue": {"contribution": queues_peak},
    "new_hire_team": {"change": the_new_team_fell, "contribution": the_new_team_loses},
    "mix_shift": {"change": the_mix_shifted},
    "mixed_team": {"contribution": the_mixed_team_looks_bad},
}  # fmt: skip
PLACES = [(cause, page) for cause, pages in FINDINGS.items() for page in pages]


@pytest.fixture(scope="module")
def opened(small: Callable[..., Path]) -> Iterator[Open]:
    """The small sample without the named causes, behind the product's own model."""
    made: list[Warehouse] = []

    @cache
    def _open(*without: str) -> Warehouse:
        made.append(open_warehouse(small(*without), read_model(MODEL)))
        return made[-1]

    yield _open
    for warehouse in made:
        warehouse.close()


def test_every_cause_is_looked_for_on_every_page_of_the_truth(small: Callable[..., Path]) -> None:
    assert {entry["name"]: set(entry["pages"]) for entry in truth_of(small())["planted"]} == {
        cause: set(pages) for cause, pages in FINDINGS.items()
    }
    assert set(FINDINGS) == set(CAUSES)


@pytest.mark.parametrize(("cause", "page"), PLACES)
def test_a_page_finds_a_planted_cause(cause: str, page: str, opened: Open) -> None:
    assert FINDINGS[cause][page](opened())


@pytest.mark.parametrize("cause", SWITCHED_OFF)
def test_the_findings_vanish_with_their_cause(cause: str, opened: Open) -> None:
    assert [page for page, finds in FINDINGS[cause].items() if finds(opened(cause))] == []


@pytest.mark.prove
@pytest.mark.parametrize("cause", CAUSES)
def test_the_other_findings_stay(cause: str, opened: Open) -> None:
    others = [(other, page) for other, page in PLACES if other != cause]
    assert [place for place in others if not FINDINGS[place[0]][place[1]](opened(cause))] == []


def test_like_for_like_the_mixed_team_is_as_good(opened: Open) -> None:
    """Its score is low, but within each business it does what the other teams do."""
    calls = Selection().where("team", *TELEPHONE)
    cells = contribution(opened(), calls, by=["business", "team"]).table
    cells = cells.assign(business=cells["segment"].str[0], ours=cells["segment"].str[1] == "team_08")
    points = (cells["score"] * cells["n"]).groupby([cells["business"], cells["ours"]]).sum()
    scores = (points / cells["n"].groupby([cells["business"], cells["ours"]]).sum()).unstack()
    weights = cells[cells["ours"]].set_index("business")["n"]
    gap = ((scores[True] - scores[False]) * weights).sum() / weights.sum()
    apparent = behind(contribution(opened(), calls, by=["team"]))
    assert abs(gap) < 1.0 < 2.5 < abs(apparent)


def behind(found: Result) -> float:
    """How far the team's score is behind the whole."""
    return float(row(found, "team_08")["score"] - found.statistics["score"])


def test_no_change_is_blamed_on_the_mixed_team(opened: Open) -> None:
    for selection in (OCTOBER, SINCE_HIRING, SINCE_RELEASE):
        found = change(opened(), selection, by=["team"])
        assert not fell(found, "team_08")
        assert told(found).get("team_08") != "change.segment_fell_known"
