"""Checks beside the survey and whose the errors are: by hand, against a library, and by simulation."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.service.quality.quality import quality
from analysis.service.quality.shared import shared_errors, shared_reasons
from analysis.stats.dispersion import stands_out, tarone
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import LANGUAGES, Catalogue

from .conftest import Beside

ALL = Selection("score")


def pair(beside: Beside, scores: list[int], critical: list[int], errors: list[int], chance: list[float]) -> Warehouse:
    """A check for each contact."""
    n = len(scores)
    contacts = pd.DataFrame({"contact_id": [f"c{i}" for i in range(n)], "customer_id": [f"p{i}" for i in range(n)],
                             "contacted_at": pd.Timestamp("2026-10-05 09:00"), "score": scores, "tier": "basic",
                             "touchpoint": ["phone", "chat"] * (n // 2), "team": "t1", "agent_id": "a1"})  # fmt: skip
    table = pd.DataFrame({"contact_id": contacts["contact_id"], "evaluated_at": pd.Timestamp("2026-10-06"),
                          "sample": "random", "chance": chance, "critical_error": critical,
                          "noncritical_errors": errors, "opportunities": 10})  # fmt: skip
    return beside(contacts, extra='agent = "agent_id"\n', quality=table)


def test_check_and_survey_of_the_same_contact_by_hand(beside: Beside) -> None:
    """Forty contacts; ten dissatisfied who passed, of whom five stand for half as many contacts."""
    scores = [9] * 20 + [4] * 10 + [9] * 6 + [3] * 4
    critical, errors = [0] * 30 + [1] * 10, [0] * 10 + [2] * 30
    chance = [0.02] * 20 + [0.04] * 5 + [0.02] * 15
    found = quality(pair(beside, scores, critical, errors, chance), ALL, by=("touchpoint",), quota=50.0)
    rows = found.parts["beside"].set_index("cell")
    weight = 35 * 50 + 5 * 25
    assert rows["n"].to_dict() == {"passed_content": 20, "passed_dissatisfied": 10, "failed_content": 6,
                                   "failed_dissatisfied": 4}  # fmt: skip
    assert rows["share"].sum() == pytest.approx(1.0)
    assert rows.loc["passed_dissatisfied", "share"] == pytest.approx((5 * 50 + 5 * 25) / weight)
    assert rows.loc["failed_content", "of_result"] == pytest.approx(0.6)
    s = found.statistics
    assert s["beside_bad_passed"] == pytest.approx(375 / (375 + 200)) and s["beside_failed_content"] == 0.6
    assert s["both"] == 40 and s["bad_n"] == 14
    alike, chance_alike = (1000 + 200) / weight, (1375 * 1300 + 500 * 575) / weight**2
    assert s["beside_kappa"] == pytest.approx((alike - chance_alike) / (1 - chance_alike))
    results = found.parts["results"].set_index("result")
    assert results.loc["clean", "score"] == 90.0 and results.loc["critical", "score"] == pytest.approx(66.0)
    assert results.loc["minor", "score"] == pytest.approx(10 * (9 * 500 + 4 * 375) / 875)
    passed = found.parts["passed"]
    assert passed["n"].sum() == 30 and set(passed["segment"]) == {("phone",), ("chat",)}
    keys = [statement.key for statement in found.findings]
    assert "quality.bad_passed_few" in keys and "quality.failed_content_few" in keys  # of 30: nothing is concluded
    assert "quality.short" not in keys
    for language in LANGUAGES:
        assert all(Catalogue.load(language).say(statement) for statement in found.findings)


def test_a_quota_that_is_missed_says_how_many_checks_lack(beside: Beside) -> None:
    """Forty contacts handled, ten of them checked, one twice, of a quota of a third: four lack.

    One of September was checked in October, one of October in November.
    """
    warehouse = pair(beside, [9] * 40, [0] * 40, [0] * 40, [0.02] * 40)
    assert quality(warehouse, ALL, quota=50.0).statistics["short"] == 0
    table = pd.DataFrame({"contact_id": [f"c{i}" for i in range(10)] + ["c9", "september"],
                          "evaluated_at": [pd.Timestamp("2026-11-03")] + [pd.Timestamp("2026-10-06")] * 11,
                          "sample": ["targeted"] * 5 + ["random"] * 7, "critical_error": 0})  # fmt: skip
    when = [pd.Timestamp("2026-10-05")] * 40 + [pd.Timestamp("2026-09-30")]
    few = beside(pd.DataFrame({"contact_id": [*(f"c{i}" for i in range(40)), "september"], "customer_id": "p",
                               "contacted_at": when, "score": 9, "touchpoint": "phone", "tier": "basic",
                               "team": "t1", "agent_id": "a1"}),
                 extra='agent = "agent_id"\n', quality=table)  # fmt: skip
    october = Selection("score", Period(date(2026, 10, 1), date(2026, 11, 1)))
    found = quality(few, october, quota=34.0)
    assert [found.statistics[name] for name in ("evaluations", "checked", "handled")] == [11, 10, 40]
    assert found.statistics["qa_coverage"] == 0.25
    assert found.statistics["short"] == 4 and "quality.short" in [s.key for s in found.findings]


def test_more_spread_than_chance_is_tarones_statistic_and_one_agent_the_binomials() -> None:
    from scipy.stats import binom

    x, n = np.array([[4.0], [0], [1], [9], [2]]), np.array([[10.0], [8], [12], [11], [9]])
    p = x.sum() / n.sum()
    own = float((((x - n * p) ** 2).sum() / (p * (1 - p))) - n.sum())
    assert tarone(x, n).z == pytest.approx(own / np.sqrt(2 * (n * (n - 1)).sum()))
    rest = (x.sum() - 9) / (n.sum() - 11)
    assert stands_out(x, n, 3) == pytest.approx(binom.sf(8, 11, rest))
    assert np.isnan(tarone(np.zeros((4, 1)), np.full((4, 1), 3.0)).p)
    two = np.array([[2.0, 3], [1, 1], [0, 2]]), np.array([[4.0, 5], [9, 6], [7, 8]])
    sums = sum(binom.pmf(k, 4, 1 / 16) * binom.sf(4 - k, 5, 3 / 14) for k in range(5))
    assert stands_out(*two, 0) == pytest.approx(sums)


def drawn(seed: int, *, alone: bool = False, agents: int = 120, each: int = 8) -> pd.DataFrame:
    """Checks of agents, new ones with twice the errors; `alone`: the first makes one error nearly always."""
    rng, rows = np.random.default_rng(seed), []
    for agent in range(agents):
        band = "d0_60" if agent % 4 == 0 else "d366_plus"
        for _ in range(each):
            twice = 2 if band == "d0_60" else 1
            own = [name for name, p in (("explained", 0.2), ("wording", 0.05)) if rng.random() < p * twice]
            errors = ("wording",) if alone and agent == 1 else tuple(own)
            rows.append((f"a{agent}", band, errors, 1.0))
    return pd.DataFrame(rows, columns=["who", "band", "errors", "n"])


def test_an_error_of_all_calls_for_a_session_and_one_of_a_single_agent_for_coaching() -> None:
    table = shared_errors(drawn(5, alone=True), "band").set_index("error")
    assert table["verdict"].to_dict() == {"explained": "shared", "wording": "single"}
    assert (table.loc["wording", "top"], table.loc["wording", "top_n"]) == ("a1", 8)
    assert table.loc["explained", "top"] is None and np.isnan(table.loc["explained", "top_n"])
    assert shared_errors(drawn(5, alone=True), "band", named=False)["top"].isna().all()
    assert table.loc["explained", "n"] == sum("explained" in e for e in drawn(5, alone=True)["errors"])


@pytest.mark.prove
def test_by_chance_alone_nobody_stands_out_and_nothing_spreads_in_more_than_five_per_cent() -> None:
    """Beside that, without the bands the new agents' errors do spread more than chance: the bands are needed."""
    tables = [shared_errors(drawn(seed), "band") for seed in range(300)]
    assert np.mean([(t["verdict"] == "single").any() for t in tables]) <= 0.08
    assert np.mean([(t["p_adjusted"] < 0.05).any() for t in tables]) <= 0.08
    plain = [shared_errors(drawn(seed), None) for seed in range(40)]
    assert np.mean([(t["p_adjusted"] < 0.05).any() for t in plain]) > 0.5


@pytest.mark.prove
def test_the_whole_sample_holds_the_shared_error_and_the_agent_of_the_other(whole_sample: Warehouse) -> None:
    shared = quality(whole_sample, ALL).parts["shared"].set_index("error")
    assert shared.loc["explained", "verdict"] == "shared"
    assert shared.loc["wording", "verdict"] == "single" and shared.loc["wording", "top_n"] >= 10


def test_where_small_groups_are_secret_nobody_is_named_and_few_are_not_spoken_of(sample: Warehouse) -> None:
    secret = open_warehouse(sample.address, replace(sample.model, disclose_from=60))
    found = quality(secret, Selection("score"))
    secret.close()
    rows = found.parts["shared"]
    assert len(rows) and (rows["n"] >= 60).all() and rows["top"].isna().all() and rows["top_n"].isna().all()
    assert (found.parts["beside"].query("n > 0")["n"] >= 60).all()
    assert math.isnan(found.statistics["failed_n"])
    assert "quality.failed_content" not in [s.key for s in found.findings]


def test_kappa_of_a_question_by_hand_and_reasons_of_all_agents_single_nobody_out(beside: Beside) -> None:
    """Forty and forty-five alike of a hundred: .7. Every agent hears of rudeness alike; one hears of nothing else."""
    table = pd.DataFrame({"first": [0] * 45 + [1] * 55, "second": [0] * 40 + [1] * 5 + [0] * 10 + [1] * 45,
                          "kind": "evaluators", "question": "tone", "contact_id": "c1",
                          "scored_at": pd.Timestamp("2026-10-06")})  # fmt: skip
    checked = pd.DataFrame({"contact_id": ["c1"] * 20, "evaluated_at": pd.Timestamp("2026-10-06"),
                            "critical_error": 0})  # fmt: skip
    (row,) = quality(beside(quality=checked, calibration=table), ALL).parts["agreement"].to_dict("records")
    assert (row["n"], round(row["alike"], 3), round(row["kappa"], 3)) == (100, 0.85, 0.7)
    assert (round(row["low"], 3), round(row["high"], 3)) == (0.561, 0.839)
    agents = [f"a{i // 6}" for i in range(60)]
    reason = ["rude" if i < 6 else ("rude", "fee", "fee")[i % 3] for i in range(60)]
    contacts = pd.DataFrame({"contact_id": range(60), "customer_id": "p", "score": 5, "tier": "basic", "team": "t1",
                             "contacted_at": pd.Timestamp("2026-10-05"), "touchpoint": "phone", "agent_id": agents,
                             "reason": reason})  # fmt: skip
    listed = pd.DataFrame({"reason": ["rude", "fee"], "power": ["centre", "business_rule"], "owner": "x"})
    named = '[reasons]\nreason = { column = "reason", not_stated = "none", power = "powers" }\n'
    warehouse = beside(contacts, extra='agent = "agent_id"\n', drivers=named, reasons=listed)
    found = shared_reasons(warehouse, ALL)
    assert found is not None
    (line,) = found.table.to_dict("records")
    assert (line["error"], line["made"], line["checks"], line["sharing"]) == ("rude", 24, 60, 10)
    assert line["verdict"] == "apart" and line["top_p"] < 0.05 and line["top"] is None
