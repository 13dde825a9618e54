"""Where a model keeps small groups secret, no table about a service shows a person with few cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from inspect import signature

import pandas as pd
import pytest

from analysis.methods import METHODS, analysis_of
from analysis.result import Result
from data_access.selection import Period, Selection
from data_access.statement import Problem
from data_access.warehouse import Warehouse
from tests.analysis.service.conftest import Beside

LEAST = 10
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
ASKED = Selection("score", OCTOBER)
RATED = {"agent_a": 60, "agent_b": 40, "agent_c": 30, "few_rated": 3}  # answers
CASES = {"agent_a": 40, "agent_b": 30, "agent_c": 20, "few_rated": 12, "few_cases": 4}  # calls, complaints, checks
SIZES = ("n", "attempts", "cases", "evaluations", "handled", "sessions")
MEASURES = ("answer_rate", "escalation_rate", "critical_accuracy")


def rows(sizes: dict[str, int]) -> pd.DataFrame:
    names = [name for name, n in sizes.items() for _ in range(n)]
    at = [pd.Timestamp("2026-10-02 09:00") + pd.Timedelta(minutes=37 * i) for i in range(len(names))]
    return pd.DataFrame({"team": names, "at": at, "customer_id": [f"k{i}" for i in range(len(names))]})


@pytest.fixture(scope="module")
def warehouse(beside: Beside) -> Iterator[Warehouse]:
    answers = rows(RATED | {"few_cases": 50}).assign(touchpoint="phone", tier="basic", score=range(1, 184))
    answers = answers.assign(contact_id=[f"c{i}" for i in range(183)], score=answers["score"] % 10 + 1)
    cases = rows(CASES)
    odd = [i % 7 == 0 for i in range(len(cases))]
    yield beside(
        answers.rename(columns={"at": "contacted_at"}),
        extra=f"disclose_from = {LEAST}\n",
        calls=cases.rename(columns={"at": "requested_at"}).assign(
            outcome=["abandoned" if one else "answered" for one in odd], queue_s=9.0
        ),
        complaints=cases.rename(columns={"at": "opened_at"}).assign(
            level=["escalated" if one else "local" for one in odd], contact_id="c0"
        ),
        quality=cases.rename(columns={"at": "evaluated_at"}).assign(critical_error=odd),
    )


def shown(result: Result) -> set[str]:
    """The agents that stand anywhere in a result, its sentences included."""
    said = [*result.findings, *result.caveats, *([result.how.formula] if result.how else [])]
    text = str([result.table.to_dict("records"), [p.to_dict("records") for p in result.parts.values()], said])
    return {name for name in CASES if name in text}


@pytest.mark.parametrize("method", ["access", "complaints", "quality", *MEASURES])
def test_no_agent_with_few_cases_or_answers_is_shown(warehouse: Warehouse, method: str) -> None:
    """Nor one alone of them, whom the total less the others would give away; days of few cases are left out."""
    if method in MEASURES:
        found = analysis_of("service_measure")(warehouse, ASKED, by=("team",), measure=method)
    else:
        found = analysis_of(method)(warehouse, ASKED, by=("team",))
    assert {"few_cases", "few_rated"}.isdisjoint(shown(found)) and "agent_a" in shown(found)
    for part in (found.table, *found.parts.values()):
        for column in set(SIZES) & set(part):
            assert not ((part[column] > 0) & (part[column] < LEAST)).any(), column


def test_every_method_of_the_service_keeps_them(warehouse: Warehouse) -> None:
    """Whatever comes later: it shows no small group, or says in a sentence that it cannot be asked."""
    for name in METHODS:
        if not METHODS[name].startswith("analysis.service"):
            continue
        options = {} if name == "service" else {"by": ("team",)}
        options |= {"measure": "escalation_rate"} if "measure" in signature(analysis_of(name)).parameters else {}
        try:
            found = analysis_of(name)(warehouse, ASKED, **options)
        except Problem:
            continue
        assert {"few_cases", "few_rated"}.isdisjoint(shown(found)), name
