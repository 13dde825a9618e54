"""Whatever can be pinned leads through all four steps: nothing breaks, no path names a dimension twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from analysis.methods import METHODS, analysis_of
from analysis.trace.path import ordered
from data_access.selection import Filter, Period
from data_access.warehouse import Warehouse
from data_access.workshop.records import Issue, Pin
from data_access.workshop.store import Store
from pages.record.steps import STEPS
from pages.report import pinning
from tests.pages.conftest import OpenPage, seen
from tests.pages.explain.trace.conftest import ME, OCTOBER, at_step, button, pin_of

BILL, IN_5G = Filter("sub_type", ("5g_bill",)), Filter("business", ("mobile_5g",))
CUT = ("business",)
SPANS = {
    "before": Period(date(2026, 8, 1), date(2026, 9, 1)), "closed": Period(date(2026, 9, 1), date(2026, 10, 1)),
    "since": Period(date(2026, 10, 1), date(2026, 11, 1)),
}  # fmt: skip
Case = tuple[str, Mapping[str, Any], tuple[Filter, ...], str]  # method, options, filters of the page, what is open
CASES: Mapping[str, Case] = {
    "overview": ("overview", {"by": ("touchpoint",)}, (), ""),
    "overview_of_a_part": ("overview", {}, (BILL, IN_5G), ""),
    "contribution": ("contribution", {"by": CUT}, (), ""),
    "contribution_opened": ("contribution", {"by": ("sub_type",)}, (IN_5G,), "by=sub_type&segment=5g_bill"),
    "contribution_opened_above": ("contribution", {"by": CUT}, (BILL,), "by=business&segment=mobile_5g"),
    "reasons": ("contribution", {"by": ("reason",)}, (), "by=reason&segment=billing_dispute"),
    "reasons_inside": ("contribution", {"by": ("reason",)}, (BILL,), "by=sub_type&segment=5g_bill"),
    "contribution_blank": ("contribution", {"by": ("flow_version",)}, (), "by=flow_version&segment=~"),
    "change": ("change", {"by": ("sub_type",)}, (), ""),
    "groups": ("contrast", {"question": "groups", "by": CUT}, (), ""),
    "rest": ("contrast", {"question": "rest", "by": ("sub_type",), "segment": ("5g_bill",)}, (), ""),
    "period": ("contrast", {"question": "period", "by": ()}, (BILL,), ""),
    "target": ("contrast", {"question": "target", "by": CUT, "against": "target"}, (), ""),
    "benchmark": ("contrast", {"question": "benchmark", "by": CUT, "against": "group"}, (), ""),
    "association": ("association", {"columns": ("score", "wait")}, (), ""),
    "pair": ("pair", {"x": "wait", "y": "score"}, (), ""),
    "drivers": ("drivers", {"columns": ("wait", "handling")}, (), ""),
    "dose": ("dose", {"driver": "wait"}, (), ""),
    "segments": ("segments", {"depth": 2}, (), ""),
    "leading_cause": ("leading_cause", {}, (), ""),
    "leading_cause_of_a_part": ("leading_cause", {}, (IN_5G,), ""),
    "suspects": ("suspects", {}, (), ""),
    "suspects_of_a_path": ("suspects", {"path": (BILL,)}, (), ""),
    "worth_knowing": ("worth_knowing", {}, (), ""),
    "trace": ("trace", {"path": (BILL, Filter("reason", ("billing_dispute",)))}, (IN_5G,), ""),
    "trace_of_nobody": ("trace", {"path": (BILL, Filter("business", ("broadband",)))}, (), ""),
    "service": ("service", {}, (), ""),
    "service_measure": ("service_measure", {"measure": "caller_rate", "by": ("touchpoint",)}, (), ""),
    "peers": ("peers", {"measure": "mention", "by": ("team",)}, (), ""),
    "definitions": ("definitions", {"measure": "satisfied", "by": ("team",)}, (), ""),
    "access": ("access", {"by": ("touchpoint",)}, (), ""),
    "fcr": ("fcr", {"by": CUT}, (), ""),
    "complaints": ("complaints", {"by": CUT}, (IN_5G,), ""),
    "quality": ("quality", {"by": ("team",)}, (), ""),
    "bot": ("bot", {"by": ("scenario",)}, (), ""),
    "people": ("people", {"by": ("team",)}, (), ""),
    "control_chart": ("control_chart", {}, (IN_5G,), ""),
    "monitor": ("monitor", {}, (), ""),
    "data_health": ("data_health", {}, (), ""),
    "daily_report": ("daily_report", {"by": CUT}, (IN_5G,), ""),
    "before_after": ("before_after", {"path": (BILL,), "on": date(2026, 10, 6)}, (), ""),
    "reachability": ("reachability", {"unit": "team", "treated": ("team_01", "team_02", "team_03"),
                                      "start": date(2026, 10, 20)}, (), ""),
    "recurrence": ("recurrence", {"path": (BILL,), **SPANS}, (), ""),
    "effect": ("effect", {"control": (Filter("team", ("team_03", "team_04")),), "start": date(2026, 10, 22)},
               (Filter("team", ("team_01", "team_02")),), ""),
}  # fmt: skip
NEVER = {"risk", "recovery"}  # lists of persons, even by masked ids: no record that others read keeps them
EVERY_DAY = ("reasons_inside", "trace_of_nobody")  # a leading cause goes this way in test_remedy


def cases() -> Iterator[ParameterSet]:
    for name, case in CASES.items():
        yield pytest.param(*case, id=name, marks=() if name in EVERY_DAY else (pytest.mark.prove,))


def pinned(opened: Warehouse, method: str, options: Mapping[str, Any], filters: tuple[Filter, ...], link: str) -> Pin:
    pin = pin_of(analysis_of(method)(opened, replace(OCTOBER, filters=filters), **options))
    return replace(pin, link=f"http://elsewhere.example:1/{method}?{link}")


def begun(store: Store, opened: Warehouse, pin: Pin) -> Issue:
    """An issue that begins with the pin, as the pages begin one."""
    issue = store.create_issue(ME, "为何丢分", data_version=pin.data_version)
    origin = store.pin(ME, issue.id, pin).id
    path = ordered(opened.model, pinning.first_steps(pin))
    return store.save_issue(ME, replace(issue, origin=origin, path=path))


def test_every_analysis_is_pinned() -> None:
    assert {case[0] for case in CASES.values()} == set(METHODS) - NEVER


@pytest.mark.parametrize(("method", "options", "filters", "link"), [*cases()])
def test_a_pin_leads_through_all_steps(
    method: str, options: Mapping[str, Any], filters: tuple[Filter, ...], link: str,
    opened: Warehouse, open_page: OpenPage, store: Store,
) -> None:  # fmt: skip
    issue = begun(store, opened, pinned(opened, method, options, filters, link))
    dimensions = [step.dimension for step in issue.path]
    assert len(set(dimensions)) == len(dimensions)
    above = [opened.model.ancestors(name) for name in dimensions]
    assert not any(name in above[place] for place in range(len(above)) for name in dimensions[place:])
    app = open_page("trace", lang="zh-CN", issue=issue.id)
    app.session_state[f"naming.{issue.id}"] = True
    for step in STEPS:
        if not button(app, f"step.{step}").disabled:
            at_step(app, step)
        text = seen(app)
        assert not app.exception and not app.error, step
        assert "Traceback" not in text and "NaN" not in text and "None" not in text.split(), step


def test_the_reasons_of_a_segment_lead_to_the_segment(opened: Warehouse) -> None:
    """Not to a reason of the segment's name, which nobody gave."""
    assert pinning.first_steps(pinned(opened, *CASES["reasons_inside"])) == (BILL,)


def test_what_lies_above_comes_first_and_nothing_twice(opened: Warehouse) -> None:
    days = Filter("day_of_month", ("6", "7")), Filter("day_of_month", ("7", "8"))
    assert ordered(opened.model, (BILL, days[0], IN_5G, days[1])) == (IN_5G, BILL, Filter("day_of_month", ("7",)))


def test_a_path_in_one_month_has_no_baseline(opened: Warehouse, open_page: OpenPage, store: Store) -> None:
    asked = replace(OCTOBER, period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=None, filters=(BILL,))
    issue = begun(store, opened, pin_of(analysis_of("contribution")(opened, asked, by=("reason",))))
    app = open_page("trace", lang="zh-CN", issue=issue.id)
    app.session_state[f"naming.{issue.id}"] = True
    at_step(app, "why")
    assert not app.exception and not app.error
