"""Events before, after, ended, at once, or none at all; data without teams, reasons or a calendar; rises; rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.leading_cause import leading_cause
from analysis.result import Result
from analysis.suspects import suspects
from analysis.worth_knowing import worth_knowing
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import Catalogue

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
ASKED = Selection("score", OCTOBER, OCTOBER.previous())
MODEL = """
table = "answers"
{cluster}
time = {{ column = "day" }}
score = {{ column = "score", scale = [1, 10] }}
[metrics]
bad = {{ column = "bad", values = [0, 1], better = "low" }}
[tables]
events = "events"
[dimensions]
business = {{ column = "business" }}
region = {{ column = "region" }}
team = {{ column = "team" }}
{reasons}
"""
REASONS = '[reasons]\nreason = { column = "reason", split = "|", not_stated = "none" }'
RULE = {"id": "R1", "kind": "rule_change", "date": "2026-10-10", "business": "b", "owner": "billing"}
B = (Filter("business", ("b",)),)
Opened = Callable[..., Warehouse]


def answers(
    *, step: float = -2.0, since: str = "2026-10-10", until: str = "2027-01-01", seed: int = 1
) -> pd.DataFrame:
    """Answers of ten teams over September and October; business b moves by `step` of ten points in some days."""
    rng, n = np.random.default_rng(seed), 6_000
    day = pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61, n), unit="D")
    business = rng.choice(list("abcde"), n)
    moved = (business == "b") & (day >= since) & (day < until)
    score = np.clip(np.round(8 + rng.normal(0, 1.5, n) + step * moved), 1, 10).astype(int)
    reason = np.where(
        score == 10, "", np.where(moved & (rng.random(n) < 0.6), "bill", rng.choice(["wait", "net"], n))
    )
    return pd.DataFrame({
        "day": day, "business": business, "region": rng.choice(list("xyz"), n), "team": rng.integers(0, 10, n),
        "score": score, "reason": reason, "bad": (score <= 6).astype(int),
    })  # fmt: skip


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A warehouse of some answers and events."""
    made: list[Warehouse] = []

    def make(
        frame: pd.DataFrame, *events: dict[str, Any], cluster: str = 'cluster = "team"', reasons: str = REASONS
    ) -> Warehouse:  # fmt: skip
        path = tmp_path / f"answers_{len(made)}.duckdb"
        with duckdb.connect(str(path)) as db:
            calendar = pd.DataFrame(events) if events else pd.DataFrame({"date": pd.Series([], dtype=str)})
            for name, table in (("answers", frame), ("events", calendar)):
                db.register("frame", table)
                db.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
                db.unregister("frame")
        made.append(open_warehouse(path, parse_model(MODEL.format(cluster=cluster, reasons=reasons))))
        return made[-1]

    yield make
    for warehouse in made:
        warehouse.close()


def rows(result: Result) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in result.table.to_dict("records")}


def test_events_before_late_of_others_and_of_too_few(opened: Opened) -> None:
    warehouse = opened(
        answers(), RULE, {**RULE, "id": "early", "date": "2026-08-28"}, {**RULE, "id": "late", "date": "2026-10-30"},
        {**RULE, "id": "other", "business": "a"}, {**RULE, "id": "past", "date": "2026-06-01"},
        {**RULE, "id": "after", "date": "2026-11-05"},
    )  # fmt: skip
    found = rows(suspects(warehouse, ASKED, path=B))
    assert list(found) == ["R1", "early", "late"]
    assert [found[name]["note"] for name in found] == ["", "before", "late"]
    assert found["R1"]["grade"] == "shown" and found["early"]["grade"] == found["late"]["grade"] == "unknown"


def test_several_at_once_the_narrower_first_and_one_a_week_later_not_believed(opened: Opened) -> None:
    wide = {**RULE, "id": "wide", "business": None}
    later = {**RULE, "id": "later", "date": "2026-10-20"}
    found = rows(suspects(opened(answers(), wide, later, RULE), ASKED, path=B))
    assert list(found) == ["R1", "wide", "later"]
    assert found["R1"]["overlap"] > 0.9 > 0.3 > found["wide"]["overlap"]
    assert found["later"]["grade"] == "possible" and found["later"]["better"] > 0


def test_what_ended_is_believed_only_where_the_loss_ended_with_it(opened: Opened) -> None:
    outage = {**RULE, "id": "out", "kind": "outage", "date": "2026-10-05", "until": "2026-10-16"}
    short = {**outage, "id": "short", "date": "2026-10-10", "until": "2026-10-11"}
    lasting = rows(suspects(opened(answers(), outage, short), ASKED, path=B))
    assert {row["grade"] for row in lasting.values()} <= {"possible", "unknown"}
    ended = answers(step=-3, since="2026-10-05", until="2026-10-17")
    found = rows(suspects(opened(ended, outage, short), ASKED, path=B))
    assert list(found) == ["out", "short"] and found["out"]["grade"] in ("likely", "shown")
    assert found["short"]["grade"] == "possible"


@pytest.mark.parametrize("cluster", ['cluster = "team"', ""])
def test_without_an_event_the_day_is_named(opened: Opened, cluster: str) -> None:
    s = leading_cause(opened(answers(), cluster=cluster), ASKED).statistics
    assert s["segment"] == {"business": "b"} and s["event"] == "" and s["grade_since"] == "likely"
    assert s["broke_low"] <= "2026-10-10" <= s["broke_high"] and abs(int(s["since"][-2:]) - 10) <= 2


def test_without_calendar_reasons_or_power(opened: Opened) -> None:
    warehouse = opened(answers(), reasons="")
    found = leading_cause(warehouse, ASKED)
    assert (found.statistics["reason"], found.statistics["owner"], found.statistics["grade_why"]) == (
        "",
        "",
        "unknown",
    )
    assert found.statistics["grade_who"] == "unknown"
    said = Catalogue.load("en").say(found.findings[0])
    assert said.endswith("no reason stands out; who can act is not known.")
    assert suspects(warehouse, ASKED, path=B).findings[0].key == "suspects.no_event"
    bare = open_warehouse(Path(warehouse.address.removeprefix("duckdb:///")), parse_model(
        MODEL.format(cluster="", reasons="").replace('events = "events"', ""))
    )  # fmt: skip
    assert suspects(bare, ASKED, path=B).findings[0].key == "suspects.no_calendar"


def test_the_owner_of_the_event_acts_where_reasons_have_none(opened: Opened) -> None:
    s = leading_cause(opened(answers(), RULE), ASKED).statistics
    assert (s["event"], s["owner"], s["power"], s["reason"]) == ("R1", "billing", "", "bill")
    assert s["reason_share"] == pytest.approx(0.55, abs=0.1) and s["grade_why"] == "shown"


def test_where_low_is_good_a_rise_is_a_loss(opened: Opened) -> None:
    """A rise is found as a fall is, and the reason is the one that costs more."""
    s = leading_cause(opened(answers(), RULE), replace(ASKED, metric="bad")).statistics
    assert s["segment"] == {"business": "b"} and s["change"] > 20 and s["event"] == "R1" and s["reason"] == "bill"


def test_two_weeks_are_enough_to_ask(opened: Opened) -> None:
    week = Period(date(2026, 10, 8), date(2026, 10, 15))
    s = leading_cause(opened(answers(step=-4), RULE), Selection("score", week, week.previous())).statistics
    assert s["segment"] == {"business": "b"} and s["grade_what"] == "shown"


def test_only_the_mix_changed(opened: Opened) -> None:
    frame = answers(step=0)
    worse = frame["business"] == "a"
    frame.loc[worse, "score"] = (frame.loc[worse, "score"] - 4).clip(lower=1)
    gone = (frame["day"] < "2026-10-01") & worse & (np.arange(len(frame)) % 5 < 3)
    found = leading_cause(opened(frame[~gone]), ASKED)
    assert found.statistics["segment"] == {} and found.statistics["kind"] == "mix"
    assert found.statistics["surge"] == {"business": "a"}
    assert "no one’s fault" in Catalogue.load("en").say(found.findings[0])


def test_dates_at_which_nothing_happened_are_rarely_believed(opened: Opened) -> None:
    """The rank among sham dates is a p: of dates drawn by chance about one of twenty has one below 5 %."""
    chance = np.random.default_rng(5)
    below, many = 0, 0
    for seed in range(2):
        days = [date(2026, 9, 8) + timedelta(days=int(day)) for day in chance.integers(0, 47, 20)]
        events = [{**RULE, "id": f"E{i}", "date": str(day)} for i, day in enumerate(days)]
        table = suspects(opened(answers(step=0, seed=seed), *events), ASKED, path=B).table
        below, many = below + int((table["p_shams"] <= 0.05).sum()), many + int(table["p_shams"].notna().sum())
        assert not table["grade"].isin(("likely", "shown")).any()
    assert many == 40 and below <= 6


def test_calendars_as_people_keep_them(opened: Opened) -> None:
    """Blanks, mixed forms and zones, ends before beginnings and far ahead; a segment of nobody, or none at all."""
    forms = ("10/10/2026", "2026-10-10T12:00:00+08:00", "nonsense", None, "2026-13-45")
    events = [{**RULE, "id": f"F{i}", "date": form} for i, form in enumerate(forms)]
    events += [
        {**RULE, "end": "9999-12-31"},
        {**RULE, "id": "back", "end": "2026-10-01"},
        {**RULE, "id": "ever", "date": "0001-01-01", "end": "9999-12-31"},
        dict.fromkeys(RULE) | {"date": "2026-10-10", "business": "b"},
    ]
    warehouse = opened(answers(), *events)
    found = rows(suspects(warehouse, ASKED, path=B))
    assert set(found) == {"F0", "F1", "R1", "back", "ever", "2026-10-10"}
    assert {name for name, row in found.items() if row["grade"] == "likely"} == {"F0", "F1", "R1", "2026-10-10"}
    nobody = suspects(warehouse, ASKED, path=(Filter("business", (None,)),))
    assert [s.key for s in nobody.findings] == ["suspects.no_event", "suspects.day_unclear"]
    everything = suspects(opened(answers(step=0), RULE), ASKED)
    assert everything.statistics["segment"] == {} and list(rows(everything)) == ["R1"]


def test_an_event_without_owner_or_title_says_nothing_of_them(opened: Opened) -> None:
    bare = dict.fromkeys(RULE) | {"id": "R1", "date": "2026-10-10", "business": "b"}
    s = leading_cause(opened(answers(), bare, {**RULE, "id": "past", "date": "2026-09-20"}), ASKED).statistics
    assert (s["event"], s["event_kind"], s["event_owner"], s["event_title_en"]) == ("R1", "", "", "")
    assert (s["owner"], s["grade_who"]) == ("", "unknown")


def test_a_baseline_of_centuries_is_that_of_the_answers(opened: Opened) -> None:
    ever = Period(date.min, OCTOBER.start)
    s = leading_cause(opened(answers(), RULE), replace(ASKED, baseline=ever)).statistics
    assert s["segment"] == {"business": "b"} and s["event"] == "R1"


def test_where_small_groups_are_secret_nothing_is_said_of_days_or_of_few(opened: Opened) -> None:
    """Two events a day apart would give a day away; a reason that few name is one of the groups."""
    path = Path(opened(answers(), RULE).address.removeprefix("duckdb:///"))
    for least, reason in ((20, "bill"), (270, "")):
        model = f"disclose_from = {least}\n{MODEL.format(cluster='', reasons=REASONS)}"
        secret = open_warehouse(path, parse_model(model))
        with pytest.raises(NothingToShow):
            suspects(secret, ASKED, path=B)
        s = leading_cause(secret, ASKED).statistics
        assert s["segment"] == {"business": "b"}
        assert (s["since"], s["event"], s["reason"]) == ("", "", reason)
        secret.close()


def test_what_is_worth_knowing_rises_where_its_number_rises(opened: Opened) -> None:
    found = worth_knowing(opened(answers()), replace(ASKED, metric="bad"))
    assert "worth_knowing.moved_up" in {s.key for s in found.findings} and found.table["cost"][0] > 0
