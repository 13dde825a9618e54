"""Is every planted cause there as the truth says, and gone when it is switched off? Plain pandas on the rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sample_data.causes import CAUSES, Planted

from .conftest import SWITCHED_OFF, read, truth_of

Answers = Callable[..., pd.DataFrame]
QUEUES = ["enquiry_call", "complaint", "handover"]


def month(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return rows[rows["contacted_at"].dt.strftime("%Y-%m") == name]


def billing_rule(rows: pd.DataFrame) -> float:
    """5G bill contacts since the rule changed against September."""
    bills = rows[rows["sub_type"] == "5g_bill"]
    return bills[bills["contacted_at"] >= "2026-10-06"]["score"].mean() - month(bills, "2026-09")["score"].mean()


def bot_flow(rows: pd.DataFrame) -> float:
    """The scenario after the release against before."""
    after = rows["contacted_at"] >= "2026-08-17"
    flow = rows["scenario"] == "plan_change"
    return rows[flow & after]["score"].mean() - rows[flow & ~after]["score"].mean()


def month_start_queue(rows: pd.DataFrame) -> float:
    """Telephone queue contacts around the turn of the month against the other days."""
    calls = rows[rows["touchpoint"].isin(QUEUES)]
    peak = calls["contacted_at"].dt.day.isin([1, 2, 3, 28, 29, 30, 31])
    return calls[peak]["score"].mean() - calls[~peak]["score"].mean()


def telephone_teams(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["team"].isin([f"team_{number:02d}" for number in range(1, 19)])]


def new_hire_team(rows: pd.DataFrame) -> float:
    """The team's agents in their first sixty days, or whoever sits there, against the other telephone teams."""
    since = telephone_teams(rows[rows["contacted_at"] >= "2026-09-11"])
    return since[since["team"] == "team_17"]["score"].mean() - since[since["team"] != "team_17"]["score"].mean()


def mix_shift(rows: pd.DataFrame) -> float:
    """The part of October's change that comes from the share of value-added services."""
    before, now = month(rows, "2026-09"), month(rows, "2026-10")
    share = (now["business"] == "value_added").mean() - (before["business"] == "value_added").mean()
    both = pd.concat([before, now])
    mean = both.groupby(both["business"] == "value_added")["score"].mean()
    return share * (mean[True] - mean[False])


def mixed_team(rows: pd.DataFrame) -> float:
    """The team against the other telephone teams, as it looks."""
    calls = telephone_teams(rows)
    return calls[calls["team"] == "team_08"]["score"].mean() - calls[calls["team"] != "team_08"]["score"].mean()


# the measure, the figure of the truth it answers to, and how far luck may carry it at this size (about 3 errors)
MEASURES = {
    "billing_rule": (billing_rule, "segment", 6.0),
    "bot_flow": (bot_flow, "segment", 5.5),
    "month_start_queue": (month_start_queue, "segment", 1.2),
    "new_hire_team": (new_hire_team, "segment", 3.9),
    "mix_shift": (mix_shift, "change", 0.19),
    "mixed_team": (mixed_team, "apparent", 1.3),
}


@pytest.fixture(scope="module")
def expected(small: Callable[..., Path]) -> dict[str, dict[str, float]]:
    return {entry["name"]: entry["expected"] for entry in truth_of(small())["planted"]}


def test_every_cause_has_a_measure() -> None:
    assert set(MEASURES) == set(CAUSES)


@pytest.mark.parametrize("cause", MEASURES)
def test_a_cause_has_the_effect_the_truth_tells(
    cause: str, answers: Answers, expected: dict[str, dict[str, float]]
) -> None:
    measure, figure, luck = MEASURES[cause]
    assert measure(answers()) == pytest.approx(expected[cause][figure], abs=luck)
    assert abs(expected[cause][figure]) > 2 * luck


@pytest.mark.parametrize("cause", SWITCHED_OFF)
def test_a_cause_switched_off_is_gone(cause: str, answers: Answers) -> None:
    measure, _, luck = MEASURES[cause]
    assert measure(answers(cause)) == pytest.approx(0.0, abs=luck)


@pytest.mark.parametrize("cause", SWITCHED_OFF)
def test_the_others_stay_when_one_is_switched_off(
    cause: str, answers: Answers, expected: dict[str, dict[str, float]]
) -> None:
    for other in set(MEASURES) - {cause}:
        measure, figure, luck = MEASURES[other]
        assert measure(answers(cause)) == pytest.approx(expected[other][figure], abs=luck), other


@pytest.mark.parametrize("cause", SWITCHED_OFF)
def test_switching_off_leaves_the_other_contacts_alike(cause: str, small: Callable[..., Path]) -> None:
    query = "SELECT hash(contacted_at, customer_id, region, tier) AS content FROM contacts"
    assert read(small(), query).equals(read(small(cause), query))


def test_the_billing_rule_shows_in_its_reason_and_nowhere_else_in_the_business(answers: Answers) -> None:
    october = month(answers(), "2026-10")
    hit = october[(october["sub_type"] == "5g_bill") & (october["contacted_at"] >= "2026-10-06")]
    assert hit["reason"].dropna().str.contains("billing_dispute").mean() > 0.5
    others = answers()[(answers()["business"] == "mobile_5g") & (answers()["sub_type"] != "5g_bill")]
    change = month(others, "2026-10")["score"].mean() - month(others, "2026-09")["score"].mean()
    assert abs(change) < 3.0


@pytest.mark.parametrize(
    ("cause", "event"),
    [("billing_rule", "BR-2026-113"), pytest.param("bot_flow", "REL-2026-031", marks=pytest.mark.prove)],
)
def test_an_event_is_in_the_calendar_only_with_its_cause(cause: str, event: str, small: Callable[..., Path]) -> None:
    assert event in set(read(small(), "SELECT event_id FROM events")["event_id"])
    assert event not in set(read(small(cause), "SELECT event_id FROM events")["event_id"])


def test_the_broken_flow_loops_and_fails(answers: Answers) -> None:
    flow = answers()[(answers()["scenario"] == "plan_change") & (answers()["contacted_at"] >= "2026-08-17")]
    assert set(flow["flow_version"]) == {"plan_change 3.3"}
    assert flow["reason"].dropna().str.contains("bot_loop").mean() > 0.4
    assert flow["task_success"].mean() < 0.55


def test_queues_peak_around_the_turn_of_the_month(answers: Answers) -> None:
    calls = answers()[answers()["touchpoint"].isin(QUEUES)]
    peak = calls["contacted_at"].dt.day.isin([1, 2, 3, 28, 29, 30, 31])
    assert calls[peak]["wait_s"].median() > 3 * calls[~peak]["wait_s"].median()
    named = calls["reason"].fillna("").str.contains("wait_busy")
    assert named[peak].mean() > 1.5 * named[~peak].mean()


def test_the_new_team_is_new_and_no_other_is(answers: Answers) -> None:
    late = telephone_teams(answers()[answers()["contacted_at"] >= "2026-09-11"])
    new = late.groupby("team", observed=True)["tenure_band"].apply(lambda bands: (bands == "d0_60").mean())
    assert new["team_17"] > 0.7
    assert new.drop("team_17").max() < 0.35


def test_the_shifted_business_is_as_good_as_before(answers: Answers) -> None:
    business = answers()[answers()["business"] == "value_added"]
    assert abs(month(business, "2026-10")["score"].mean() - month(business, "2026-09")["score"].mean()) < 4.0


def test_the_mixed_team_is_as_good_as_others_within_each_business(answers: Answers) -> None:
    calls = telephone_teams(answers())
    team = calls["team"] == "team_08"
    cells = calls.groupby(["business", team], observed=True)["score"].mean().unstack()
    share = calls[team]["business"].value_counts(normalize=True)
    assert ((cells[True] - cells[False]) * share).sum() == pytest.approx(0.0, abs=1.3)


def test_the_truth_names_what_is_there_and_what_is_not(small: Callable[..., Path]) -> None:
    facts = truth_of(small("bot_flow"))
    assert facts["switched_off"] == ["bot_flow"]
    assert [entry["name"] for entry in facts["planted"]] == [name for name in CAUSES if name != "bot_flow"]


def test_the_segments_of_the_truth_are_in_the_data(small: Callable[..., Path]) -> None:
    for entry in truth_of(small())["planted"]:
        assert entry["kind"] in {"rate", "mix", "looks_bad_through_mix"}
        places = {name: values for name, values in entry["segment"].items() if name != "day_of_month"}
        where = " AND ".join(
            f"{name} IN ({', '.join(repr(value) for value in values)})" for name, values in places.items()
        )
        between = f"contacted_at >= '{entry['start']}' AND contacted_at < '{entry['end']}'"
        found = read(small(), f"SELECT count(score) AS n FROM contacts WHERE {where} AND {between}")
        assert found["n"].item() > 50, entry["name"]


def test_an_unknown_cause_is_named() -> None:
    with pytest.raises(ValueError, match="no such cause: biling_rule; there are billing_rule"):
        Planted.without(["biling_rule"])
