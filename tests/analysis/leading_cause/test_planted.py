"""The leading cause of the sample: what, since when, why and who, in one sentence; nothing where nothing happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from analysis.leading_cause import leading_cause
from analysis.suspects import suspects
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import Catalogue

MODEL = Path(__file__).resolve().parents[3] / "sample_data" / "semantic.toml"
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
ASKED = Selection("score", OCTOBER, OCTOBER.previous())


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Iterator[Warehouse]:
    warehouse = open_warehouse(sample_of(), read_model(MODEL))
    yield warehouse
    warehouse.close()


def test_what_since_when_why_and_who(sample: Warehouse) -> None:
    found = leading_cause(sample, ASKED)
    s = found.statistics
    assert s["segment"] == {"sub_type": "5g_bill"} and s["event"] == "BR-2026-113" and s["since"] == "2026-10-06"
    assert (s["reason"], s["power"], s["owner"]) == ("billing_dispute", "business_rule", "billing")
    assert s["step"] == pytest.approx(-15, abs=3) and s["reason_share"] == pytest.approx(0.5, abs=0.1)
    assert [s[f"grade_{word}"] for word in ("what", "since", "why", "who")] == ["shown"] * 4
    said = Catalogue.load("en").say(found.findings[0])
    assert "since rule change BR-2026-113 of 6 Oct" in said and said.count("billing") >= 1


def test_the_rule_is_the_first_suspect_and_beats_the_sham_dates(sample: Warehouse) -> None:
    table = suspects(sample, ASKED, path=(Filter("sub_type", ("5g_bill",)),)).table
    rule = table.iloc[0]
    assert rule["id"] == "BR-2026-113" and rule["better"] == 0 and rule["shams"] > 30
    assert rule["p_shams"] == pytest.approx(1 / (1 + rule["shams"]))


def test_nothing_is_named_in_a_month_in_which_nothing_began(sample: Warehouse) -> None:
    february = Period(date(2026, 2, 1), date(2026, 3, 1))
    found = leading_cause(sample, Selection("score", february, february.previous()))
    assert found.statistics["segment"] == {} and found.statistics["grade_what"] == "unknown"
    assert Catalogue.load("en").say(found.findings[0]).startswith("Nothing beyond chance")
    assert 0.5 < found.statistics["enough"] < 10


def test_a_baseline_is_needed(sample: Warehouse) -> None:
    for analyse in (leading_cause, suspects):
        with pytest.raises(BadInput):
            analyse(sample, Selection("score", OCTOBER))
