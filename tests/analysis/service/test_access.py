"""Access: the five formulas of a service level on one hand-made day, callers who dial again, days, targets, scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.service.access.access import access
from analysis.service.access.promises import CLOCKS, FORMULAS
from analysis.service.rates import Ratio, rates
from analysis.stats.intervals import exact_bounds
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue

from ..test_pinned import is_kept_as_it_was
from .conftest import Beside

DAY = pd.Timestamp("2026-10-05")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


def calls(*rows: tuple[int, str, float | None, float | None]) -> pd.DataFrame:
    """So many calls of each (how many, outcome, queue_s, ring_s), each of another caller."""
    parts = [pd.DataFrame({"outcome": [o] * n, "queue_s": q, "ring_s": r}) for n, o, q, r in rows]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(requested_at=DAY + pd.to_timedelta(36_000, unit="s"), touchpoint="phone", tier="basic",
                        customer_id=[f"k{i}" for i in range(len(table))])  # fmt: skip


@pytest.fixture(scope="module")
def day(beside: Beside) -> Warehouse:
    """The day that is told in the trade: 1,000 answered, 860 of them in 20 s; 60 gave up, 20 in 20 s, 10 in 5 s."""
    return beside(calls=calls((800, "answered", 10.0, 5.0), (60, "answered", 18.0, 5.0), (140, "answered", 60.0, 5.0),
                              (10, "abandoned", 3.0, None), (10, "abandoned", 12.0, None),
                              (40, "abandoned", 90.0, None), (40, "busy", None, None)))  # fmt: skip


EXPECTED = {"credited": 880 / 1060, "answered": 860 / 1000, "offered": 860 / 1060, "without_early": 860 / 1040,
            "short_credited": 870 / 1060}  # fmt: skip


def test_the_five_formulas_give_what_the_trade_publishes(day: Warehouse) -> None:
    assert [round(100 * value, 1) for value in EXPECTED.values()] == [83.0, 86.0, 81.1, 82.7, 82.1]
    formulas = access(day, Selection("score")).parts["formulas"].set_index(["formula", "clock"])["value"]
    assert formulas.xs("queue", level="clock").to_dict() == pytest.approx(EXPECTED)
    assert formulas["offered", "ring"] == pytest.approx(800 / 1060)  # 60 rang until 23 s
    assert set(formulas.index) == {(formula, clock) for formula in FORMULAS for clock in CLOCKS}
    chosen = access(day, Selection("score"), formula="short_credited", clock="ring").statistics["service_level"]
    assert chosen == pytest.approx(formulas["short_credited", "ring"]) == pytest.approx(810 / 1060)


def test_rates_name_their_population(day: Warehouse) -> None:
    found = access(day, Selection("score"))
    rows = found.parts["measures"].set_index("measure")
    assert rows.loc["answer_rate", ["count", "n"]].tolist() == [1000, 1060]
    assert rows.loc["busy_rate", ["count", "n"]].tolist() == [40, 1100]
    assert rows.loc["abandoned_rate", ["count", "n"]].tolist() == [60, 1060]
    assert rows.loc["service_level", "state"] == "shown" and np.isnan(rows.loc["days_met", "value"])
    assert rows["low"].dropna().ge(0).all() and rows["high"].dropna().le(1).all()


def test_who_dials_again_is_answered_in_the_end(beside: Beside) -> None:
    """One caller: engaged, given up, answered 40 minutes later; one gives up; one nobody knows; another day."""
    at = [DAY + pd.Timedelta(minutes=m) for m in (0, 10, 50, 0, 5, 1440)]
    found = access(beside(calls=pd.DataFrame({
        "requested_at": at, "customer_id": ["a", "a", "a", "b", None, "b"], "queue_s": [None, 30.0, 9, 8, 7, 6],
        "outcome": ["busy", "abandoned", "answered", "abandoned", "answered", "answered"],
    })), Selection("score")).statistics  # fmt: skip
    assert (found["attempts"], found["busy"], found["requests"], found["answered"]) == (6, 1, 5, 3)
    assert (found["callers"], found["reached"]) == (3, 2)  # a, b, and b on the next day
    assert (found["unanswered"], found["redialled"]) == (3, 1)  # the second of a's came too late
    assert found["unknown_callers"] == 1


def days_of(levels: Sequence[float]) -> pd.DataFrame:
    """A hundred calls on each day, such a share of them answered at once; one in ten is of a vip."""
    parts = [calls((round(100 * share), "answered", 5.0, 0.0), (100 - round(100 * share), "answered", 70.0, 0.0))
             .assign(requested_at=DAY + pd.Timedelta(days=i), tier=["vip"] * 10 + ["basic"] * 90)
             for i, share in enumerate(levels)]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_targets_by_tier_and_the_days_that_met_them(beside: Beside) -> None:
    targets = pd.DataFrame({"dimension": ["", "tier"], "value": ["", "vip"], "seconds": [20.0, 4.0],
                            "target": [75.0, 85.0], "days": [85.0, 85.0]})  # fmt: skip
    warehouse = beside(calls=days_of([0.9] * 6 + [0.6] * 2), service_targets=targets)
    found = access(warehouse, Selection("score"), by=("tier",))
    rows = {row["segment"][0]: row for row in found.table.to_dict("records")}
    assert rows["vip"]["service_level"] == 0 and rows["vip"]["state"] == "missed"  # none within 4 s
    assert (rows["vip"]["target"], rows["basic"]["target"]) == pytest.approx((0.85, 0.75))
    assert rows["basic"]["service_level"] == pytest.approx((6 * 80 + 2 * 50) / 720)
    assert (rows["basic"]["day_met"], rows["basic"]["day_seen"]) == (6, 8)
    assert found.statistics["target"] == pytest.approx(0.76)
    everything = access(warehouse, Selection("score"), seconds=20.0).statistics
    assert everything["service_level"] == pytest.approx((6 * 90 + 2 * 60) / 800)


def test_days_that_differ_widen_the_interval() -> None:
    """Eight days of one rate each: what days that are alike say as all their calls, days that differ say as eight."""
    alike = pd.DataFrame({"s": 0, "x": [50.0] * 8, "n": [100.0] * 8})
    apart = alike.assign(x=[10.0, 90.0] * 4)
    narrow, wide = (rates(frame, 1, Ratio("r", "x", "n")) for frame in (alike, apart))
    assert narrow.worth[0] == 800 and wide.worth[0] < 8 and narrow.value[0] == wide.value[0] == 0.5
    assert 0 < wide.low[0] < narrow.low[0] < narrow.high[0] < wide.high[0] < 1


def test_exact_intervals_are_those_of_scipy() -> None:
    from scipy.stats import binomtest

    for x, n in ((0, 12), (3, 400), (12, 12), (57, 1043)):
        ends = binomtest(x, n).proportion_ci(method="exact")
        low, high = exact_bounds(np.array([x]), np.array([n]))
        assert (low[0], high[0]) == pytest.approx((ends.low, ends.high), abs=1e-9)


def test_the_sample_has_a_queue_whose_callers_dial_in_a_loop(sample: Warehouse) -> None:
    selection = Selection("score", OCTOBER, OCTOBER.previous())
    found = access(sample, selection, by=("touchpoint",))
    is_kept_as_it_was("access", found)
    (row,) = found.table[found.table["loop"]].to_dict("records")
    assert row["segment"] == ("complaint",)
    assert row["answer_rate_change"] < -0.15 and abs(row["caller_rate_change"]) < 0.03
    said = [Catalogue.load(language).say(s) for language in LANGUAGES for s in found.findings]
    assert any("dial again and again" in text for text in said) and any("反复重拨" in text for text in said)


def test_a_question_that_cannot_be_answered_is_one_sentence(beside: Beside, day: Warehouse) -> None:
    with pytest.raises(BadInput, match=r"service\.no_table\.calls"):
        access(beside(), Selection("score"))
    with pytest.raises(BadInput, match=r"service\.no_cut.*team"):
        access(day, Selection("score"), by=("team",))
    with pytest.raises(BadInput, match=r"access\.unknown_formula.*offered"):
        access(day, Selection("score"), formula="offerd")
    with pytest.raises(NothingToShow):
        access(day, Selection("score", Period(date(2020, 1, 1), date(2020, 2, 1))))


def test_a_scope_counts_its_own_calls_only(beside: Beside) -> None:
    mixed = calls((60, "answered", 5.0, 0.0), (40, "abandoned", 5.0, None))
    mixed["tier"] = ["vip"] * 50 + ["basic"] * 50
    mixed["customer_id"] = "a"  # a customer of the scope
    scoped = beside(calls=mixed).within([Filter("tier", ("vip",))])
    found = access(scoped, Selection("score")).statistics
    assert (found["requests"], found["answered"]) == (50, 50)
    with pytest.raises(BadInput, match=r"service\.no_cut"):  # closed where the calls do not say whose they are
        access(scoped.within([Filter("team", ("t1",))]), Selection("score"))
