"""Who was dissatisfied and silent: a model that holds on later answers, a list of masked ids, or no list at all."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.result import Result
from analysis.risk.risk import PARTS, risk
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.behaviour import contact_code
from tests.analysis.conftest import MakeWarehouse

from .conftest import MODEL, year


@pytest.fixture(scope="module")
def found(a_year: Warehouse) -> Result:
    return risk(a_year, Selection("score"), days=30, capacity=10, cost=1, value=4)


def test_the_model_holds_on_later_answers(found: Result) -> None:
    s = found.statistics
    assert s["verdict"] == "better" and s["auc_low"] > 0.6 and s["brier"] < s["brier_base"]
    assert 0.8 <= s["calibration"] <= 1.25 and s["ece"] < 0.06
    assert s["learned"] > s["set_right"] > 0 and s["tested_from"] >= date(2026, 8, 1)
    bins = found.parts["calibration"]
    assert bins["n"].sum() == s["n"] and (bins["predicted"].diff().dropna() > 0).all()


def test_the_expected_share_of_the_silent_stands_beside_that_of_the_answers(found: Result) -> None:
    s, bins = found.statistics, found.parts["calibration"]
    assert s["said_rate"] == pytest.approx(np.average(bins["predicted"], weights=bins["n"]))
    (rates,) = [finding for finding in found.findings if finding.key == "risk.rates"]
    assert {"expected_rate", "said_rate", "base_rate"} <= set(rates.values)


def test_the_list_is_of_masked_customers_who_never_answered(found: Result) -> None:
    rows, table = year().set_index("contact"), found.table
    plain = {contact_code(contact): contact for contact in rows.index}
    listed = rows.loc[[plain[code] for code in table["contact_id"]]]
    assert len(listed) == found.statistics["chosen"] > 50 and listed["score"].isna().all()
    assert listed["customer"].is_unique and not set(rows.index) & set(table["contact_id"])
    heard = rows[rows["score"].notna() & (rows["at"] >= listed["at"].min().normalize())]["customer"]
    early = rows[rows["at"] < str(found.statistics["last_day"])].index
    assert not set(heard[heard.index.isin(early)]) & set(listed["customer"])
    assert (table["probability"] >= 0.25).all() and table["probability"].is_monotonic_decreasing
    assert listed["truth"].mean() == pytest.approx(table["probability"].mean(), abs=0.12)


def test_what_was_recorded_because_of_the_rating_is_no_sign(found: Result) -> None:
    assert set(found.parts["signs"]["sign"]) == {"@back", "@before", "wait", "transfers", "subject"}
    assert [c.values["names"] for c in found.caveats if c.key == "risk.leak"] == [{"dimension": "called_back"}]


def test_each_has_reasons_of_its_own(found: Result) -> None:
    rows = year().assign(code=lambda r: [contact_code(c) for c in r["contact"]]).set_index("code")
    for row in found.table.head(40).to_dict("records"):
        truth = rows.loc[row["contact_id"]]
        assert 1 <= len(row["reasons"]) <= 3
        for reason in row["reasons"]:
            name, _, value = reason.partition("=")
            if name == "wait":
                assert value == f"{truth['wait']:g}|s" and truth["wait"] > 120
            if name == "subject":
                assert value == truth["subject"] != "bill"


def test_complaints_and_old_customers_are_never_held_out(found: Result) -> None:
    rows = year().assign(code=lambda r: [contact_code(c) for c in r["contact"]]).set_index("code")
    for row in found.table.to_dict("records"):
        truth = rows.loc[row["contact_id"]]
        expected = {"complaint": "must=complaint"}.get(truth["subject"], "must=protected" * (truth["age"] == "60+"))
        assert row["kept_in"] == expected


def test_capacity_and_cost_say_how_many(a_year: Warehouse, found: Result) -> None:
    few = risk(a_year, Selection("score"), days=30, capacity=1, cost=1, value=4).statistics
    assert few["chosen"] == 30 and few["hits"] < found.statistics["hits"]
    assert few["hits"] + few["missed"] == pytest.approx(found.statistics["hits"] + found.statistics["missed"])
    none = risk(a_year, Selection("score"), days=30, cost=5, value=5)
    assert none.statistics["chosen"] == 0 and none.findings[0].key == "risk.nobody" and none.table.empty


def test_gains_rise_to_all(found: Result) -> None:
    gains = found.parts["gains"]
    assert gains["part"].tolist() == PARTS.tolist() and gains["caught"].iloc[-1] == pytest.approx(1)
    assert (gains["caught"] >= gains["part"] - 1e-9).all()
    s = found.statistics
    assert gains["expected"].iloc[-1] == pytest.approx(s["hits"] + s["missed"])


def test_filters_narrow_the_list_and_not_what_is_learned(a_year: Warehouse, found: Result) -> None:
    narrow = risk(a_year, Selection("score", filters=(Filter("subject", ("fault",)),)), days=30)
    assert narrow.statistics["learned"] == found.statistics["learned"]
    assert narrow.statistics["unheard"] < found.statistics["unheard"]


def test_a_scope_is_learned_from_alone(a_year: Warehouse, found: Result) -> None:
    part = risk(a_year.within([Filter("subject", ("bill", "complaint"))]), Selection("score"), days=30)
    assert part.statistics["learned"] < found.statistics["learned"]
    rows = year().assign(code=lambda r: [contact_code(c) for c in r["contact"]]).set_index("code")
    assert set(rows.loc[part.table["contact_id"], "subject"]) <= {"bill", "complaint"}


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_without_signal_there_is_no_list(seed: int, warehouse_of: MakeWarehouse) -> None:
    rows, rng = year(seed=seed, n=4_000), np.random.default_rng(seed)
    answered = rows["score"].notna().to_numpy()
    mixed = rows["score"].to_numpy(copy=True)
    mixed[answered] = rng.permutation(mixed[answered])
    result = risk(warehouse_of(rows.assign(score=mixed, called_back=0.0), MODEL), Selection("score"), days=30)
    assert result.statistics["verdict"] == "no_better" and result.table.empty
    assert result.findings[0].key == "risk.no_better" and result.statistics["auc_low"] <= 0.5


def test_a_file_without_times_and_customers(warehouse_of: MakeWarehouse) -> None:
    model = MODEL.replace('customer_id = "customer"\n', "").replace(MODEL.splitlines()[4] + "\n", "")
    result = risk(warehouse_of(year(n=6_000), model), Selection("score"))
    assert result.statistics["verdict"] == "better" and result.statistics["first_day"] is None
    assert {note.key for note in result.how.assumptions if result.how} >= {"how.risk.lot", "how.risk.no_back"}


def test_what_cannot_be_asked(a_year: Warehouse, warehouse_of: MakeWarehouse) -> None:
    with pytest.raises(BadInput, match=r"risk\.no_value"):
        risk(a_year, Selection("score"), value=0)
    with pytest.raises(BadInput, match=r"risk\.at_least_one"):
        risk(a_year, Selection("score"), days=0)
    with pytest.raises(BadInput, match=r"risk\.no_limit"):
        risk(warehouse_of(year(n=500), MODEL.replace(", dissatisfied_to = 6", "")), Selection("score"))
    with pytest.raises(NothingToShow, match=r"risk\.too_few"):
        risk(a_year, Selection("score", Period(date(2025, 10, 1), date(2025, 10, 12))))
    with pytest.raises(NothingToShow, match=r"risk\.all_answered"):
        risk(warehouse_of(year().dropna(subset=["score"]), MODEL), Selection("score"))
    secret = warehouse_of(pd.DataFrame(year(n=500)), "disclose_from = 10\n" + MODEL)
    with pytest.raises(BadInput, match=r"disclose\.contacts"):
        risk(secret, Selection("score"))
