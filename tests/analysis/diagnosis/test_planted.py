"""The planted causes of the sample get the gap, the type of cause, the power and the owner they were planted with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from analysis.diagnosis import Evidence, cause_types_from, examine, gaps_from
from data_access.model_file import read_model
from data_access.selection import Filter
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import causes, make
from tests.analysis.diagnosis.test_gaps import BOTH, FIVE, verdicts

pytestmark = pytest.mark.slow
EVERY_DAY = ("billing_rule", "new_hire_team")
Ask = Callable[[str], Evidence]


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Iterator[Warehouse]:
    opened = open_warehouse(sample_of(), read_model(Path(make.__file__).with_name("semantic.toml")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def evidence(sample: Warehouse) -> Ask:
    """What is found out at the place of a planted cause, gathered once."""

    @cache
    def gathered(cause: str) -> Evidence:
        where = causes.CAUSES[cause].segment
        return examine(sample, BOTH, [Filter(name, tuple(map(str, values))) for name, values in where.items()])

    return gathered


def each(*cases: tuple[object, ...]) -> list[ParameterSet]:
    """Cases by their cause; every day the one of a rule and the one of a team."""
    return [
        pytest.param(*case, marks=() if case[0] in EVERY_DAY else (pytest.mark.prove,), id=str(case[0]))
        for case in cases
    ]


@pytest.mark.parametrize(
    ("cause", "supported", "others"),
    each(
        ("billing_rule", "design", {"execution": "refutes"}),
        ("bot_flow", "design", {}),
        ("new_hire_team", "execution", {"design": "refutes"}),
        ("month_start_queue", "execution", {"design": "refutes", "perception": "refutes"}),
    ),
)
def test_the_gap(evidence: Ask, cause: str, supported: str, others: dict[str, str]) -> None:
    found = gaps_from(evidence(cause))
    told = verdicts(found)
    assert found.statistics["supported"] == supported
    assert [code for code in FIVE if told[code] == "supports"] == [supported]
    assert {code: told[code] for code in others} == others
    assert told["artefact"] == "refutes"
    assert found.statistics["loss"] < -1


@pytest.mark.parametrize(
    ("cause", "named", "owner", "refuted"),
    each(
        ("billing_rule", "business_rule", "business_dept", "capacity"),
        ("bot_flow", "bot_design", "bot", "artefact"),
        ("new_hire_team", "skill", "training", "business_rule"),
        ("month_start_queue", "capacity", "workforce", "business_rule"),
    ),
)
def test_the_cause_its_power_and_owner(evidence: Ask, cause: str, named: str, owner: str, refuted: str) -> None:
    found = cause_types_from(evidence(cause))
    assert (found.statistics["top"], found.statistics["power"]) == (named, causes.CAUSES[cause].power)
    top = found.table.iloc[0]
    assert (top["code"], top["verdict"], top["owners"][0]) == (named, "supports", owner)
    assert set(top["reasons"]) & set(causes.CAUSES[cause].reasons)
    assert found.table.set_index("code").loc[refuted, "verdict"] == "refutes"
    assert found.table["weight"].sum() == pytest.approx(1)


def test_a_team_that_only_looks_bad_gets_no_gap(evidence: Ask) -> None:
    found = gaps_from(evidence("mixed_team"))
    assert verdicts(found)["artefact"] == "supports"
    assert found.findings[0].key == "naming.artefact.mix"
    assert found.statistics["supported"] == ""


def test_the_rule_and_the_missed_standard_are_named(evidence: Ask) -> None:
    rule = gaps_from(evidence("billing_rule")).findings[3]
    assert (rule.key, rule.values["rule"]) == ("naming.design.rule_alike", causes.BILLING_RULE_ID)
    assert rule.values["day"] == date(2026, 10, 6)
    assert rule.values["low"] < causes.BILLING_POINTS < rule.values["high"]
    queue = gaps_from(evidence("month_start_queue")).findings[1]
    assert (queue.key, queue.values["driver"]) == ("naming.execution.missed", {"dimension": "wait"})
