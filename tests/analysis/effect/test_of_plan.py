"""What a plan promises is asked of `effect` as it was planned, and the answer can be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.effect.of_plan import asked_of, can_be_shown, look_of, planned_day
from analysis.result import Result, Statement, Unit
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.workshop.codec import plain
from data_access.workshop.records import Look, Plan, Verdict

MODEL = read_model(Path(__file__).parents[3] / "sample_data" / "semantic.toml")
START = date(2026, 10, 1)
PLAN = Plan(
    issue_id="i", action="Roster", target_metric="score", segment=(Filter("business", ("3G",)),), start=START,
    check_on=date(2027, 1, 1), unit="team", treated=("a1", "a2"), control=("b1",),
    starts=(("a2", date(2026, 10, 8)),),
    baseline=Period(date(2026, 7, 1), START), guardrails=("transferred", "not_in_this_model"), smallest=0.5,
    check_method="did",
)  # fmt: skip


def test_a_plan_asks_for_its_segment_and_units() -> None:
    selection, options = asked_of(PLAN, MODEL)
    assert selection.filters == (Filter("business", ("3G",)), Filter("team", ("a1", "a2")))
    assert (selection.metric, selection.period) == ("score", None)
    assert options == {
        "control": (Filter("team", ("b1",)),), "start": START, "starts": PLAN.starts, "unit": "team",
        "baseline": PLAN.baseline, "noticed": None, "check_on": PLAN.check_on, "smallest": 0.5,
        "guardrails": ("transferred",), "design": "",
    }  # fmt: skip


def test_of_the_units_dimension_the_treated_members_stand_for_the_segment() -> None:
    plan = replace(PLAN, segment=(*PLAN.segment, Filter("team", ("b1",))))
    assert asked_of(plan, MODEL)[0].filters == (Filter("business", ("3G",)), Filter("team", ("a1", "a2")))
    alone = replace(plan, treated=(), control=(), starts=())
    assert Filter("team", ("b1",)) in asked_of(alone, MODEL)[0].filters


def test_the_span_in_which_it_was_noticed_ends_at_the_start() -> None:
    plan = replace(PLAN, noticed=Period(date(2026, 9, 1), date(2026, 12, 1)))
    assert asked_of(plan, MODEL)[1]["noticed"] == Period(date(2026, 9, 1), START)
    late = replace(plan, noticed=Period(START, date(2026, 12, 1)))
    assert asked_of(late, MODEL)[1]["noticed"] is None


def _look(check_on: date | None, *, planned: bool = True) -> Look:
    asked = {"check_on": check_on.isoformat()} if check_on else {}
    return Look(
        plan_id=PLAN.id, issue_id="i", dataset="sample", data_version="v", selection=Selection("score"),
        verdict=Verdict.NOT_ENOUGH_EVIDENCE, options=asked, planned=planned,
    )  # fmt: skip


def test_the_day_of_the_verdict_is_that_of_the_first_look() -> None:
    """Whichever way it is moved once answers were seen; a day before the start and looks of others do not count."""
    november, december, january = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
    assert planned_day(PLAN) == january
    for planned in (True, False):
        assert planned_day(PLAN, [_look(december, planned=planned)]) == december
    assert planned_day(PLAN, [_look(december), _look(january), _look(None), _look(START)]) == december
    assert planned_day(PLAN, [replace(_look(november), plan_id="another")]) == january
    assert asked_of(PLAN, MODEL, [_look(december)])[1]["check_on"] == december


def test_a_plan_without_a_day_is_judged_twelve_weeks_after_its_last_start() -> None:
    plan = replace(PLAN, check_on=None)
    assert asked_of(plan, MODEL)[1]["check_on"] == date(2026, 12, 31)
    assert planned_day(replace(plan, starts=())) == date(2026, 12, 24)
    assert planned_day(replace(plan, start=None)) is None


def test_a_plan_speaks_of_the_data_of_its_scope() -> None:
    selection, _ = asked_of(replace(PLAN, scope=(Filter("region", ("north",)),)), MODEL)
    assert Filter("region", ("north",)) in selection.filters


def test_customers_split_by_chance_are_two_arms() -> None:
    _, options = asked_of(replace(PLAN, check_method="ab"), MODEL)
    assert options["design"] == "arms"
    _, alone = asked_of(replace(PLAN, check_method="ab", control=(), unit="", treated=(), starts=()), MODEL)
    assert (alone["design"], alone["unit"], alone["control"]) == ("", "", ())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": None}, "start"),
        ({"target_metric": ""}, "target_metric"),
        ({"segment": (), "treated": ()}, "treated"),
    ],
)
def test_what_a_plan_does_not_say_yet_is_named(changes: dict[str, object], field: str) -> None:
    plan = replace(PLAN, **changes)  # type: ignore[arg-type]
    assert can_be_shown(PLAN) and not can_be_shown(plan)
    with pytest.raises(BadInput) as error:
        asked_of(plan, MODEL)
    assert dict(error.value.statement.values) == {"field": field}


def test_an_answer_is_kept_with_those_it_was_compared_with() -> None:
    selection, _ = asked_of(PLAN, MODEL)
    weeks = pd.DataFrame({"week": [START], "group": ["treated"], "n": [12], "score": [float("nan")]})
    result = Result(
        method="effect", metric="score", unit=Unit.POINTS, selection=selection, data_version="v7",
        statistics={"verdict": "effective", "planned": True, "gain": 1.5, "p": float("nan")}, table=pd.DataFrame(),
        findings=(Statement("effect.worked", {"gain": 1.5}),),
        options={"unit": "team", "control": [["team", ["b1"]]]},
        parts={"weeks": weeks, "units": pd.DataFrame({"unit": ["a1"], "n0": [9]})},
    )  # fmt: skip
    look = look_of(PLAN, result, "sample")
    assert (look.verdict, look.planned, look.plan_id) == (Verdict.EFFECTIVE, True, PLAN.id)
    assert look.options["control"] == (Filter("team", ("b1",)),)
    assert look.rows == ({"week": START, "group": "treated", "n": 12, "score": None},)
    assert look.parts == {"levels": (), "units": ({"unit": "a1", "n0": 9},)}
    assert plain(look.statistics) == look.statistics
