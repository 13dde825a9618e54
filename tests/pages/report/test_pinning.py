"""A pin by itself: the link that opens it again, the options that ask it again, the path it begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from analysis.methods import METHODS, analysis_of
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import open_warehouse
from data_access.workshop.codec import from_json, to_json
from data_access.workshop.records import Pin
from pages.report import pinning
from tests.pages.conftest import MODEL

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
ASKED = Selection("score", OCTOBER)


def pin(method: str, options: dict[str, Any], *, selection: Selection = ASKED, **more: Any) -> Pin:
    return Pin(method=method, selection=selection, options=options, data_version="v1", **more)


def asked(one: Pin) -> dict[str, list[str]]:
    found = parse_qs(urlsplit(pinning.link_to(one, "en")).query)
    usual = {"data", "metric", "from", "to", "base", "lang"}
    return {name: values for name, values in found.items() if name not in usual}


LINKED = [
    ("overview", {"by": ("touchpoint",)}, "overview", {"by": ["touchpoint"]}),
    ("contribution", {"by": ("business",), "target": 87.5}, "contribution", {"by": ["business"], "target": ["87.5"]}),
    ("change", {"by": ("business", "region")}, "change", {}),
    ("contrast", {"by": (), "question": "period"}, "contrast", {"by": ["all"], "ask": ["period"]}),
    ("contrast",
     {"by": ("team",), "question": "rest", "segment": (None,), "method": "welch_t", "threshold": 2.5,
      "alike": ("business", "tier"), "complexity": "handling"}, "contrast",
     {"by": ["team"], "ask": ["rest"], "segment": ["~"], "method": ["welch_t"], "matters": ["2.5"],
      "alike": ["business", "tier"], "complexity": ["handling"]}),
    ("association", {"by": (), "columns": ("score", "wait"), "of": "team", "preset": ""}, "correlation",
     {"columns": ["score", "wait"], "of": ["team"]}),
    ("pair", {"by": (), "x": "wait", "y": "score", "within": "", "given": ("tier",), "of": "", "preset": "bot"},
     "correlation", {"x": ["wait"], "y": ["score"], "preset": ["bot"]}),
    ("drivers", {"by": (), "columns": ("wait",), "hold": ("business",), "lines": "target", "deep": True}, "drivers",
     {"columns": ["wait"], "hold": ["business"], "lines": ["target"]}),
    ("dose", {"by": (), "driver": "wait"}, "drivers", {"driver": ["wait"]}),
    ("segments", {"by": ("business", "tier"), "depth": 2}, "change", {}),
    ("worth_knowing", {"known": (("business", ("3G",)),)}, "overview", {}),
    ("leading_cause", {}, "overview", {}),
    ("suspects", {"path": (("business", ("3G",)),)}, "overview", {}),
    ("trace", {"path": (("business", ("3G",)),)}, "trace", {}),
    ("before_after", {"path": (), "on": "2026-10-06", "days": 28}, "trace", {}),
    ("reachability", {"unit": "team", "treated": ("a",), "start": "2026-10-06"}, "plans", {}),
    ("recurrence", {"path": (("team", ("b",)),), "before": ("2026-08-01", "2026-09-01")}, "plans", {}),
    ("effect", {"control": (("team", ("b",)),), "start": "2026-10-06"}, "plans", {}),
    ("service", {"formula": "offered", "clock": "queue"}, "service", {"formula": ["offered"], "clock": ["queue"]}),
    ("service_measure", {"measure": "caller_rate", "by": ("team",)}, "service",
     {"what": ["caller_rate"], "by": ["team"]}),
    ("peers", {"measure": "mention", "by": ("team",)}, "service", {"what": ["mention"], "by": ["team"]}),
    ("definitions", {"measure": "fcr_48", "by": ("team",), "windows": (1.0, 24.0)}, "service",
     {"what": ["fcr_48"], "by": ["team"], "hours": ["1,24"]}),
    ("access", {"by": ("tier",), "formula": "answered", "clock": "ring", "seconds": None}, "service",
     {"by": ["tier"], "formula": ["answered"], "clock": ["ring"]}),
    ("fcr", {"by": ("team",), "windows": (2.0, 24.0), "issue": "same"}, "service",
     {"by": ["team"], "hours": ["2,24"], "issue": ["same"]}),
    ("complaints", {"by": ("business",)}, "service", {"by": ["business"]}),
    ("bot", {"by": ("touchpoint",), "scenario": "plan_change"}, "service",
     {"by": ["touchpoint"], "flow": ["plan_change"]}),
    ("quality", {"by": ("team",), "goal": 99.9, "quota": 2.0}, "service", {"by": ["team"]}),
    ("people", {"by": ("team",), "kinds": "touchpoint"}, "service", {"by": ["team"]}),
    ("control_chart", {"baseline": ("2026-07-01", "2026-10-01"), "rebased": ()}, "alerts", {}),
    ("monitor", {"by": ("team",), "as_of": "2026-10-30"}, "alerts", {"by": ["team"], "as_of": ["2026-10-30"]}),
    ("data_health", {"as_of": "2026-10-30"}, "alerts", {"as_of": ["2026-10-30"]}),
    ("daily_report", {"by": ("team",), "beside": ("channel",), "as_of": "2026-10-30"}, "alerts",
     {"by": ["team"], "as_of": ["2026-10-30"]}),
    ("risk", {"by": (), "days": 14, "capacity": 30, "cost": 2.0, "value": 9.5, "protect": ()}, "risk",
     {"last_days": ["14"], "capacity": ["30"], "cost": ["2"], "worth": ["9.5"]}),
    ("recovery", {"by": (), "contacted": ("t-1",), "held_out": ("t-2",), "since": "2026-10-20"}, "risk", {}),
    ("forecast", {"by": ("team",)}, "forecast", {}),  # of another version
]  # fmt: skip


@pytest.mark.parametrize(("method", "options", "page", "content"), LINKED, ids=[case[0] for case in LINKED])
def test_its_link(method: str, options: dict[str, Any], page: str, content: dict[str, list[str]]) -> None:
    one = pin(method, options)
    assert pinning.page_of(one) == page == urlsplit(pinning.link_to(one, "en")).path
    assert asked(one) == content


def test_every_analysis_was_looked_at() -> None:
    assert {method for method, *_ in LINKED} >= set(METHODS)


def test_a_filter_named_like_an_option() -> None:
    one = pin("dose", {"driver": "wait"}, selection=replace(ASKED, filters=(Filter("driver", ("Li", None)),)))
    assert asked(one) == {"f.driver": ["Li", "~"], "driver": ["wait"]}


def test_a_driver_in_the_place_of_the_metric_keeps_the_page_s_metric() -> None:
    stored = "http://elsewhere.example/contrast?metric=resolved&measure=wait&depth=advanced"
    one = pin(
        "contrast", {"by": ("team",), "question": "groups"}, link=stored, selection=replace(ASKED, metric="wait")
    )
    found = parse_qs(urlsplit(pinning.link_to(one, "en")).query)
    assert (found["metric"], found["measure"], found["depth"]) == (["resolved"], ["wait"], ["advanced"])
    plain = pin(
        "contrast", {"by": ("team",), "question": "groups"}, link="http://elsewhere.example/contrast?metric=score"
    )
    assert parse_qs(urlsplit(pinning.link_to(plain, "en")).query)["metric"] == ["score"]


def test_a_date_and_a_path_are_asked_again_as_what_they_were() -> None:
    one = pin("before_after", {"path": (("team", ("a", None)),), "on": "2026-10-06", "days": 28, "data": "default"})
    steps = (Filter("team", ("a", None)),)
    assert pinning.asked_of(one) == {"path": steps, "on": date(2026, 10, 6), "days": 28}
    assert pinning.first_steps(one) == steps


def test_an_option_that_the_analysis_does_not_take_is_not_given_to_it() -> None:
    assert pinning.asked_of(pin("dose", {"by": (), "driver": "wait"})) == {"driver": "wait"}


def test_the_path_begins_with_what_was_open() -> None:
    opened = pin("contribution", {"by": ("region",)}, link="http://elsewhere.example/contribution?segment=~")
    assert pinning.first_steps(opened) == (Filter("region", (None,)),)
    assert pinning.first_steps(pin("contribution", {"by": ("region",)}, link="http://e.example/?segment=all")) == ()
    rows = (
        {"kind": "mix", "segment": (("tier", "gold"),)},
        {"kind": "rate", "segment": (("team", "a"), ("tier", None))},
    )
    found = pinning.first_steps(pin("segments", {"by": ("team", "tier")}, rows=rows))
    assert found == (Filter("team", ("a",)), Filter("tier", (None,)))


@pytest.mark.slow
def test_before_and_after_is_asked_again(sample: Path) -> None:
    """A result keeps its date as text; the analysis takes a date."""
    warehouse, analyse = open_warehouse(str(sample), read_model(MODEL)), analysis_of("before_after")
    found = analyse(warehouse, ASKED, path=(), on=date(2026, 10, 6))
    one = pin("before_after", dict(from_json(to_json(found.options))))
    assert analyse(warehouse, found.selection, **pinning.asked_of(one)).statistics == found.statistics
