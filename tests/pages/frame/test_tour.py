"""The tour: each step is recognised by what was done, survives a reload, and nobody who left it is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import local_analyst
from data_access.selection import Filter, Period, Selection
from data_access.tours import Tour, Tours
from data_access.workshop.records import Issue, Plan
from data_access.workshop.store import open_store
from pages.frame.tour.stops import STEPS, Done, next_of, passed
from pages.words.catalogue import Catalogue
from tests.pages.conftest import EACH_LANGUAGE, OpenPage
from tests.pages.explain.trace.conftest import button, keys

ME = local_analyst()
OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
BOTH = Selection("score", OCTOBER, SEPTEMBER)
FOUND = Issue(title="5G", origin="pin", cause="rule", cause_type="business_rule")
DONE: Mapping[str, Done] = {
    "drop": Done(page="overview", selection=BOTH),
    "place": Done(page="change", selection=BOTH),
    "segment": Done(page="service", selection=BOTH, narrowed=True),
    "reasons": Done(page="contribution", asked={"by": ["reason"]}, reasons=["reason"]),
    "record": Done(page="trace", issues=[FOUND]),
    "cause": Done(page="trace", changed=[FOUND]),
    "plan": Done(page="trace", plans=[Plan(issue_id=FOUND.id, action="new")]),
}
NOT_YET = (
    Done(page="overview", selection=replace(BOTH, baseline=None)),
    Done(page="data", selection=BOTH, reasons=["reason"], asked={"by": ["business"]}),
    Done(page="trace", issues=[replace(FOUND, origin="")], changed=[replace(FOUND, cause_type="")]),
)


def test_each_step_is_recognised_by_what_was_done_and_by_nothing_else() -> None:
    assert [*DONE] == [*STEPS]
    for name, done in DONE.items():
        assert name in passed((), done)
        assert all(is_done(done) == (other in passed((), done)) for other, is_done in STEPS.items())
    for done in NOT_YET:
        assert passed((), done) == frozenset()
    assert next_of(()) == "drop" and next_of({"drop", "segment"}) == "place" and next_of(STEPS) is None


def test_tours_are_kept_by_person_without_their_names(tmp_path: Path) -> None:
    tours, tour = Tours(tmp_path), Tour(datetime.now(UTC), frozenset({"drop"}))
    tours.keep(ME, tour)
    assert Tours(tmp_path).of(ME) == tour and tours.of(replace(ME, id="li")) is None
    assert ME.id not in (tmp_path / "tours.json").read_text(encoding="utf-8").replace(str(tour.since), "")
    (tmp_path / "tours.json").write_text("[")
    assert tours.of(ME) is None


def panel(app: AppTest) -> str:
    """The step that the panel is at, empty without one."""
    found = [key.removeprefix("tour.leave.") for key in keys(app) if key.startswith("tour.leave.")]
    return found[0] if found else ""


def test_it_is_offered_followed_over_a_reload_skipped_and_left_for_good(on_sample: OpenPage, tmp_path: Path) -> None:
    app = on_sample("trace", lang="zh-CN")
    button(app, "tour.start").click().run()
    assert panel(app) == "drop" and "tour.start" not in keys(app)
    tours = Tours(tmp_path)
    begun = tours.of(ME)
    assert begun is not None
    tours.keep(ME, replace(begun, passed=frozenset({"drop"})))
    app = on_sample("contribution", lang="zh-CN", by="reason", sub_type="5g_bill")
    assert panel(app) == "record" and not app.exception and not app.error
    button(app, "tour.skip.record").click().run()
    assert panel(app) == "cause"
    button(app, "tour.leave.cause").click().run()
    assert not panel(app)
    app = on_sample("trace", lang="zh-CN")
    assert not panel(app) and not {"tour.start", "tour.start.first"} & keys(app)


@pytest.mark.prove
@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_what_is_recorded_ends_it(language: str, on_sample: OpenPage, tmp_path: Path) -> None:
    words = Catalogue.load(language)
    app = on_sample("overview", lang=language)
    button(app, "tour.start.first").click().run()
    assert panel(app) == "place"
    Tours(tmp_path).keep(ME, replace(known(tmp_path), passed=frozenset(STEPS) - {"record", "cause", "plan"}))
    button(app, "remedy.start").click().run()
    store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    (issue,) = store.issues(ME)
    app = on_sample("trace", lang=language, issue=issue.id)
    assert panel(app) == "cause"
    issue = store.save_issue(ME, replace(issue, cause="rule", cause_type="business_rule"))
    assert panel(app.run()) == "plan"
    store.save_plan(ME, Plan(issue_id=issue.id, action="new", segment=(Filter("sub_type", ("5g_bill",)),)))
    assert panel(app.run()) == "end"
    assert any(words.text("tour.end_do") in shown.value for shown in app.markdown)
    store.engine.dispose()


def known(folder: Path) -> Tour:
    tour = Tours(folder).of(ME)
    assert tour is not None
    return tour


def test_other_data_have_no_tour(open_page: OpenPage) -> None:
    app = open_page("plans", lang="en")
    assert not {"tour.start", "tour.start.first"} & keys(app) and not panel(app)
