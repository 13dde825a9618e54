"""What a plan promises is asked of `effect` as it was planned, and the answer can be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.effect.of_plan import asked_of, can_be_shown, look_of
from analysis.result import Result, Statement, Unit
from data_access.model_file import read_model
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.workshop.codec import plain
from data_access.workshop.records import Plan, Verdict

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
