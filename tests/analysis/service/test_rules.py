"""Reasons that lie with a rule: shared among the reasons of an answer, of those who lost points and say why."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis.service.board.board import service, service_measure
from analysis.service.rules import rules_counts
from data_access.selection import Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

from .conftest import Beside

REASONS = '[reasons]\nreason = { column = "reason", split = "|", not_stated = "not_stated" }\n'
SELECTION = Selection(
    "score", Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
)


def answers(*rows: tuple[int, int, str]) -> pd.DataFrame:
    """So many answers of a score for some reasons, on one day."""
    each = [(score, reason) for count, score, reason in rows for _ in range(count)]
    table = pd.DataFrame(each, columns=["score", "reason"])
    return table.assign(contact_id=[f"c{i}" for i in table.index], customer_id="k", touchpoint="phone", tier="basic",
                        team="t1", contacted_at=pd.Timestamp("2026-10-05 09:00"))  # fmt: skip


def test_an_answer_is_shared_by_its_reasons_and_who_lost_nothing_or_says_nothing_is_left_out(beside: Beside) -> None:
    own = pd.DataFrame({"reason": ["fee", "talk"], "power": ["business_rule", "centre"]})
    rows = answers((10, 5, "fee"), (4, 6, "fee|talk"), (6, 3, "talk"), (5, 4, "not_stated"), (9, 10, "fee"))
    listed = REASONS.replace(" }", ', power = "powers" }')
    counts = rules_counts(beside(contacts=rows, drivers=listed, reasons=own), Selection("score"))
    assert counts.now[["by_rule", "stated"]].sum().tolist() == [12.0, 20.0]


def test_data_without_reasons_say_so(beside: Beside) -> None:
    with pytest.raises(BadInput) as refused:
        rules_counts(beside(), Selection("score"))
    assert refused.value.statement.key == "service.no_reasons"


def test_the_planted_rule_is_seen_where_it_holds(sample: Warehouse) -> None:
    rows = service_measure(sample, SELECTION, measure="rule_reasons", by=("business",)).table.set_index("segment")
    assert rows["change"].idxmax() == ("mobile_5g",) and rows.loc[[("mobile_5g",)], "change"].iloc[0] > 5
    board = service(sample, SELECTION).table.set_index("measure")
    assert board.loc["rule_reasons", "branch"] == "rules"
