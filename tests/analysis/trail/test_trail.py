"""Contacts behind a step, journeys and evidence: every number counted by hand from a few rows, on every engine."""

from __future__ import annotations

import math
from datetime import date, datetime

import pandas as pd
import pytest

from analysis.trail import contacts, journey, recheck
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from tests.analysis.trail.conftest import IDS, Opened

OCTOBER = Selection(period=Period(date(2026, 10, 1), date(2026, 11, 1)))


def by_id(table: pd.DataFrame) -> dict[str, dict[str, object]]:
    return {row["contact_id"]: row for row in table.to_dict("records")}


def listed(warehouse: Warehouse, **options: object) -> list[str]:
    return list(contacts(warehouse, OCTOBER, **options).table["contact_id"])  # type: ignore[arg-type]


def test_the_worst_come_first_or_the_newest(opened: Opened) -> None:
    warehouse = opened()
    assert listed(warehouse) == ["7", "1", "5", "4", "6", "3", "9"]
    assert listed(warehouse, order="newest") == ["3", "9", "7", "6", "5", "4", "1"]


def test_pages_hold_every_contact_once(opened: Opened) -> None:
    warehouse = opened()
    pages = [contacts(warehouse, OCTOBER, page=n, size=3) for n in (1, 2, 3)]
    assert [i for page in pages for i in page.table["contact_id"]] == listed(warehouse)
    assert [page.statistics["pages"] for page in pages] == [3, 3, 3]
    beyond = contacts(warehouse, OCTOBER, page=99, size=3)
    assert (beyond.statistics["page"], list(beyond.table["contact_id"])) == (3, ["9"])


def test_a_row_says_what_is_known_of_a_contact(opened: Opened) -> None:
    row = by_id(contacts(opened(), OCTOBER).table)["1"]
    assert row["time"] == datetime(2026, 10, 1, 9)
    assert (row["given"], row["score"], row["lost"]) == (2, pytest.approx(20), pytest.approx(80))
    assert row["reasons"] == ("wait", "fee")
    assert (row["wait"], row["transfers"], row["errors"]) == (90, 1, 3)
    assert row["segments"] == {"channel": "phone", "business": "net", "sub_type": "fee", "team": "t1"}
    assert row["drivers"] == {"queue_wait": 90, "transfers": 1, "answered_in": 5}
    assert row["recording"] == "https://calls.example/1"


def test_nobody_is_named(opened: Opened) -> None:
    found = contacts(opened(), OCTOBER)
    rows = by_id(found.table)
    shown = found.table.to_csv() + str(found.sql) + "".join(part.to_csv() for part in found.parts.values())
    assert not [secret for secret in ("13800138000", "138-0013", "li@mail", "Li Lei", "Han Mei") if secret in shown]
    assert rows["1"]["comment"] == "Ring me on ***, ***"
    assert rows["4"]["comment"] == "due 2026-10-31"
    assert rows["1"]["customer"] == rows["3"]["customer"] != rows["4"]["customer"]
    assert (rows["6"]["customer"], rows["7"]["customer"], rows["7"]["agent"]) == (None, None, None)


def test_only_addresses_of_the_web_are_opened(opened: Opened) -> None:
    warehouse = opened()
    assert {
        i: row["recording"] for i, row in by_id(contacts(warehouse, OCTOBER).table).items() if row["recording"]
    } == {"1": "https://calls.example/1"}
    assert journey(warehouse, OCTOBER, contact="2").table["recording"].notna().sum() == 1


def test_what_stands_out(opened: Opened) -> None:
    found = contacts(opened(), OCTOBER)
    flags = {i: row["flags"] for i, row in by_id(found.table).items()}
    assert flags == {
        "1": ("never_closed", "answers_differ"),  # due on the 3rd, open on 1 November; Han Mei resolved it
        "3": (),  # the 2nd and the 3rd both solved it: the outcome is the same, and Li Lei had said so before
        "4": ("reopened",),
        "5": (),  # due after the data were taken; the other answer was by the same agent
        "6": ("impossible_duration",),
        "7": (),
        "9": (),
    }
    counted = ("never_closed", "reopened", "impossible_duration", "answers_differ")
    assert [found.statistics[name] for name in counted] == [1, 1, 1, 1]
    assert by_id(found.table)["1"]["differs_from"] == "2"
    assert [s.key for s in found.findings] == [
        "trail.behind", "trail.reopened", "trail.never_closed", "trail.answers_differ", "trail.impossible_duration",
    ]  # fmt: skip


def test_a_time_that_cannot_be_is_no_value(opened: Opened) -> None:
    warehouse = opened()
    assert "answered_in" not in by_id(contacts(warehouse, OCTOBER).table)["6"]["drivers"]  # type: ignore[operator]
    found = warehouse.cells("answered_in", (), OCTOBER.period, ()).rows
    assert (found["n"].sum(), found["wx"].sum()) == (5, pytest.approx(5 + 1 + 60 + 0 + 0))
    assert warehouse.coverage("answered_in", OCTOBER.period, ()).out_of_scale == 2


def test_times_that_cannot_be_are_told_of_the_whole_step(opened: Opened) -> None:
    found = contacts(opened(), OCTOBER, size=1)
    told = [dict(s.values) for s in found.caveats if s.key == "caveat.impossible"]
    assert told == [{"name": "answered_in", "n": 2}]  # one of them nobody rated


def test_a_path_narrows_but_the_other_answer_is_looked_for_everywhere(opened: Opened) -> None:
    warehouse = opened()
    step = [Filter("channel", ("phone",)), Filter("reason", ("wait",))]
    found = contacts(warehouse, OCTOBER, path=step)
    assert list(found.table["contact_id"]) == ["1", "4"]  # 9 named a reason and lost nothing
    assert by_id(found.table)["1"]["differs_from"] == "2"
    assert found.options["path"] == [["channel", ["phone"]], ["reason", ["wait"]]]


def test_what_a_user_may_not_see_is_no_other_answer(opened: Opened) -> None:
    phone = OCTOBER.where("channel", "phone")
    assert by_id(contacts(opened(), phone).table)["1"]["differs_from"] == ""
    assert list(journey(opened(), phone, contact="1").table["contact_id"]) == ["1", "3"]


def test_nobody_behind_a_step_and_an_order_nobody_knows(opened: Opened) -> None:
    warehouse = opened()
    with pytest.raises(NothingToShow, match=r"selection\.empty"):
        contacts(warehouse, OCTOBER, path=[Filter("channel", ("post",))])
    with pytest.raises(BadInput, match=r"trail\.unknown_order"):
        contacts(warehouse, OCTOBER, order="longest")


def test_without_ids_contacts_are_still_listed(opened: Opened) -> None:
    warehouse = opened("")
    found = contacts(warehouse, OCTOBER)
    assert found.table["score"].tolist() == pytest.approx([20, 20, 40, 60, 90, 100, 100])
    assert found.table["contact_id"].isna().all()
    assert [s.key for s in found.caveats][:2] == ["caveat.no_contact_ids", "caveat.no_customers"]
    with pytest.raises(BadInput, match=r"trail\.no_contact_ids"):
        recheck(warehouse, OCTOBER, contact_ids=["1"])


def test_a_journey_in_order_of_time(opened: Opened) -> None:
    found = journey(opened(), OCTOBER, contact="2")
    rows = by_id(found.table)
    assert list(rows) == ["1", "2", "3"]  # the one in late November is too far away, the month's end is not
    assert [row["this"] for row in rows.values()] == [False, True, False]
    assert [row["touchpoint"] for row in rows.values()] == ["phone", "bot", "phone"]
    assert [row["resolved"] for row in rows.values()] == [0, 1, 1]
    assert math.isnan(rows["2"]["score"])  # type: ignore[arg-type]
    assert (rows["2"]["bot_path"], rows["2"]["bot_outcome"]) == ("greet>handover", "handed_over")
    assert (rows["1"]["case_level"], rows["1"]["case_overdue"], rows["1"]["case_closed_at"]) == ("local", True, None)
    assert (rows["3"]["case_level"], rows["3"]["case_overdue"]) == (None, False)
    assert {n: found.statistics[n] for n in ("n", "before", "after", "touchpoints")} == {
        "n": 3, "before": 1, "after": 1, "touchpoints": 2,
    }  # fmt: skip
    assert rows["2"]["flags"] == ("answers_differ", "impossible_duration")


def test_the_reach_of_a_journey(opened: Opened) -> None:
    warehouse = opened()
    assert list(journey(warehouse, OCTOBER, contact="2", days=60).table["contact_id"]) == ["1", "2", "3", "8"]
    assert list(journey(warehouse, OCTOBER, contact="2", days=1).table["contact_id"]) == ["2"]


def test_a_journey_of_nobody(opened: Opened) -> None:
    warehouse = opened()
    alone = journey(warehouse, OCTOBER, contact="6")
    assert list(alone.table["contact_id"]) == ["6"]
    assert "caveat.customer_unknown" in [s.key for s in alone.caveats]
    for contact in ("99", "no number", "", "1; DROP TABLE calls"):
        with pytest.raises(NothingToShow, match=r"trail\.no_such_contact"):
            journey(warehouse, OCTOBER, contact=contact)
    with pytest.raises(BadInput, match=r"trail\.no_customers"):
        journey(opened(IDS.splitlines()[0]), OCTOBER, contact="1")


def test_contacts_named_as_evidence(opened: Opened) -> None:
    found = recheck(opened(), OCTOBER, contact_ids=["1", "5", "2", "77", "1", "8"])
    assert dict(found.statistics) == {
        "given": 5, "n": 4, "missing": 1, "answered": 3, "score": pytest.approx(70 / 3),
        "lost_points": pytest.approx(230 / 3), "lost_raw": pytest.approx(23),
    }  # fmt: skip
    assert list(found.table["contact_id"]) == ["1", "5", "2", "77", "8"]
    assert [s.key for s in found.findings] == ["trail.recheck", "trail.missing"]


def test_evidence_out_of_sight_is_missing(opened: Opened) -> None:
    warehouse = opened()
    found = recheck(warehouse, OCTOBER.where("team", "t2"), contact_ids=["1", "6"])
    assert (found.statistics["n"], found.statistics["missing"], found.statistics["score"]) == (1, 1, 90)
    assert recheck(warehouse, OCTOBER, contact_ids=["2"]).findings[0].key == "trail.recheck_unanswered"


def test_no_evidence_and_too_much_of_it(opened: Opened) -> None:
    warehouse = opened()
    with pytest.raises(BadInput, match=r"trail\.no_ids"):
        recheck(warehouse, OCTOBER, contact_ids=[])
    with pytest.raises(BadInput, match=r"trail\.too_many"):
        recheck(warehouse, OCTOBER, contact_ids=[str(n) for n in range(501)])


def test_a_companion_that_names_no_contact_says_nothing_of_one(opened: Opened) -> None:
    assert opened().beside("events", ["1"]) is None
    assert opened().beside("targets", ["1"]) is None
