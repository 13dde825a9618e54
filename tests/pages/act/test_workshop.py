"""The Workshop as people use it: pin, diagnose, plan, ask again, and meet somebody else's save."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from analysis.contribution import contribution
from analysis.result import Result
from data_access.access import Role, User, local_analyst
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import open_warehouse
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import Issue, IssueState, Pin, Plan, PlanState
from data_access.workshop.store import Store, open_store
from pages.ui import issue_record, issue_words, pinning
from pages.ui.catalogue import Catalogue

from ..conftest import MODEL, OpenPage, seen

ME = local_analyst()
LI = User("li", "Li", frozenset({Role.ANALYST}))
OCTOBER = Selection(
    "score", Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
)
DIAGNOSIS = {"why": "夜间来电翻倍。", "cause": "排班未随账期调整", "cause_type": "capacity", "gap": "design",
             "system": "improvement", "power": "centre", "owner": "workforce"}  # fmt: skip
EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The store the pages of this test use."""
    return open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")


@pytest.fixture(scope="session")
def result(sample: Path) -> Result:
    """Lost points by business in October."""
    return contribution(open_warehouse(str(sample), read_model(MODEL)), OCTOBER, by=("business",))


@pytest.fixture
def evidence(result: Result) -> Pin:
    return Pin(method=result.method, selection=result.selection, data_version=result.data_version,
               options={**result.options, "data": "default"}, statements=result.findings,
               statistics=dict(result.statistics), rows=headline_rows(result.table),
               link="http://elsewhere.example:1/contribution?depth=advanced&segment=broadband")  # fmt: skip


@pytest.fixture
def issue(store: Store, evidence: Pin) -> Issue:
    """An open issue with one piece of evidence."""
    made = store.create_issue(ME, "热线为何丢分", data_version=evidence.data_version)
    store.pin(ME, made.id, evidence)
    return made


@pytest.fixture
def diagnosed(store: Store, issue: Issue) -> Issue:
    return store.save_issue(ME, replace(issue, **DIAGNOSIS, state=IssueState.DIAGNOSED))


def field(app: AppTest, kind: str, name: str) -> Any:
    """The widget of a record's field, whichever record and round it belongs to."""
    pattern = re.compile(rf"edit\.[^.]+\.\d+\.{name}(\..*)?")
    return next(widget for widget in getattr(app, kind) if widget.key and pattern.fullmatch(widget.key))


def button(app: AppTest, key: str) -> Any:
    return next(b for b in app.button if b.key == key)


def told(app: AppTest) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def labelled(section: str, code: str, language: str) -> str:
    return load_taxonomy().label(section, code, language) or ""


def test_what_is_pinned_on_a_page_is_open_in_the_workshop(open_page: OpenPage, store: Store) -> None:
    app = open_page("contribution", lang="en", by="business")
    app.text_input(key="pin.title.contribution").set_value("Why do we lose points?")
    next(b for b in app.button if b.form_id == "pin.contribution").click().run()
    assert [s.value for s in app.success] == [EN.text("pin.done")]
    app._page_hash = calc_hash("workshop")
    app.run()
    (made,) = store.issues(ME)
    (pin,) = store.pins(ME, made.id)
    assert [t.value for t in app.title] == ["Why do we lose points?"] and app.query_params["issue"] == made.id
    assert pin.options == {"by": ("business",), "data": "default"}
    assert EN.text("workshop.evidence", count=1) in [s.value for s in app.subheader]


def test_an_issue_is_opened_by_hand_and_needs_a_title(open_page: OpenPage, store: Store) -> None:
    app = open_page("workshop", lang="zh-CN")
    create = next(b for b in app.button if b.form_id == "issue.create")
    create.click().run()
    assert [e.value for e in app.error] == [ZH.text("workshop.form.blank", field=ZH.text("workshop.field.title"))]
    app.text_input(key="issue.create.title").set_value("宽带 *账单* 问题")
    next(b for b in app.button if b.form_id == "issue.create").click().run()
    assert [i.title for i in store.issues(ME)] == ["宽带 *账单* 问题"]
    assert [t.value for t in app.title] == [r"宽带 \*账单\* 问题"]
    assert button(app, "step.why").disabled and button(app, "step.solution").disabled


def test_a_diagnosis_takes_a_cause_and_its_codes(open_page: OpenPage, store: Store, issue: Issue) -> None:
    app = open_page("workshop", lang="en", issue=issue.id)
    assert button(app, "issue.move.diagnosed").disabled and EN.text(
        "workshop.gate.needs_cause", subject=issue.title
    ) in told(app)
    for name in ("why", "cause"):
        field(app, "text_area" if name == "why" else "text_input", name).set_value(DIAGNOSIS[name])
    for name in ("cause_type", "gap", "system", "power", "owner"):
        field(app, "selectbox", name).set_value(DIAGNOSIS[name])
    button(app, "save.diagnosed").click().run()
    saved = store.issue(ME, issue.id)
    assert saved.state is IssueState.DIAGNOSED and saved.version == issue.version + 1
    assert {name: getattr(saved, name) for name in DIAGNOSIS} == DIAGNOSIS
    assert not button(app, "step.solution").disabled
    assert labelled("cause_type", "capacity", "en") in told(app)


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [("workforce m", "en", "workforce"), ("话务", "zh-CN", "workforce"), ("Marketing", "en", "marketing"),
     ("Wang Fang", "en", "Wang Fang"), ("b", "en", "b"), (" ", "en", "")],
)  # fmt: skip
def test_an_owner_typed_by_the_start_of_its_word_is_the_owner(typed: str, language: str, meant: str) -> None:
    assert issue_words.code_of(load_taxonomy().entries("owner"), language, typed) == meant


def test_a_plan_takes_what_the_library_suggests_and_what_its_segment_brings(
    open_page: OpenPage, store: Store, diagnosed: Issue, result: Result
) -> None:
    row, target = result.table.iloc[0], 95.0
    lift = row["share"] * (target - row["score"])
    app = open_page("workshop", lang="en", issue=diagnosed.id)
    button(app, "plan.add").click().run()
    field(app, "selectbox", "remedy").set_value("month_profile_roster")
    segments = field(app, "selectbox", "segment")
    segments.set_value(f"{store.pins(ME, diagnosed.id)[0].id}.0")
    field(app, "number_input", "target_value").set_value(target).run()
    assert EN.show(lift, "factor_change") in told(app)
    app.date_input[0].set_value(date(2027, 1, 31))
    button(app, "plan.save").click().run()
    (plan,) = store.plans(ME, diagnosed.id)
    assert (plan.remedy, plan.action_type, plan.owner) == ("month_profile_roster", "staffing", "workforce")
    assert (plan.target_metric, plan.target_value, plan.due) == ("score", target, date(2027, 1, 31))
    assert plan.check_method == "day_type" and plan.expected_lift == pytest.approx(lift, abs=0.005)
    assert plan.action == labelled("remedy", "month_profile_roster", "en")
    button(app, "issue.move.planned").click().run()
    assert store.issue(ME, diagnosed.id).state is IssueState.PLANNED


def test_a_plan_is_edited_and_moved_by_the_rules_only(open_page: OpenPage, store: Store, diagnosed: Issue) -> None:
    plan = store.save_plan(ME, Plan(issue_id=diagnosed.id, action="调整排班"))
    app = open_page("workshop", lang="en", issue=diagnosed.id)
    app.selectbox(key=f"page.plan.{diagnosed.id}").set_value(plan.id).run()
    assert {b.key for b in app.button if b.key and b.key.startswith("plan.move.")} == {
        "plan.move.doing", "plan.move.dropped"
    }  # fmt: skip
    button(app, "plan.move.doing").click().run()
    assert [e.value for e in app.error] == [EN.text("workshop.gate.plan_incomplete", subject=plan.action)]
    field(app, "text_input", "action").set_value("重新排班")
    button(app, "plan.save").click().run()
    assert store.plans(ME, diagnosed.id)[0].action == "重新排班"


def test_two_people_who_save_lose_nothing(open_page: OpenPage, store: Store, issue: Issue) -> None:
    mine, theirs = (open_page("workshop", lang="en", issue=issue.id) for _ in range(2))
    field(theirs, "text_input", "cause").set_value("Their cause")
    field(theirs, "selectbox", "power").set_value("network")
    button(theirs, "save.why").click().run()
    field(mine, "text_input", "cause").set_value("My cause")
    field(mine, "text_area", "why").set_value("My reasoning")
    button(mine, "save.why").click().run()
    assert store.issue(ME, issue.id).cause == "Their cause"
    shown = told(mine)
    assert "Their cause" in shown and "My cause" in shown and "My reasoning" in shown
    choices = {g.key.rpartition(".")[2]: g for g in mine.button_group if g.key and g.key.startswith("conflict.")}
    assert {name: g.value for name, g in choices.items()} == {"cause": "mine", "why": "mine", "power": "theirs"}
    choices["cause"].set_value("theirs")
    next(b for b in mine.button if b.form_id and b.form_id.startswith("conflict.")).click().run()
    saved = store.issue(ME, issue.id)
    assert (saved.cause, saved.why, saved.power) == ("Their cause", "My reasoning", "network")
    assert [s.value for s in mine.subheader] != [EN.text("workshop.conflict.title")]


def test_a_newer_version_is_announced_before_anything_is_saved(
    open_page: OpenPage, store: Store, issue: Issue
) -> None:
    app = open_page("workshop", lang="en", issue=issue.id)
    store.save_issue(LI, replace(issue, cause="Li's cause"))
    app.run()
    assert [i.value for i in app.info] == [EN.text("workshop.newer", who="Li")]
    button(app, f"draft.load.{issue.id}").click().run()
    assert not app.info and field(app, "text_input", "cause").value == "Li's cause"


def test_evidence_is_asked_again(open_page: OpenPage, store: Store, issue: Issue, evidence: Pin) -> None:
    app = open_page("workshop", lang="en", issue=issue.id)
    button(app, f"pin.check.{store.pins(ME, issue.id)[0].id}").click().run()
    assert [s.value for s in app.success] == [EN.text("workshop.check.holds")]
    old = replace(evidence, id="older", data_version="other", statistics={**evidence.statistics, "score": 12.3})
    store.pin(ME, issue.id, old)
    app.run()
    button(app, "pin.check.older").click().run()
    assert EN.text("workshop.check.numbers_moved", count=1) in [w.value for w in app.warning]
    cells = app.table[-1].value.to_numpy().tolist()
    now = EN.show(evidence.statistics["score"], "metric")
    assert cells == [[EN.text("workshop.stat.score"), "12.3 points", now]]


def test_evidence_of_a_data_set_that_is_gone_still_speaks(
    open_page: OpenPage, store: Store, issue: Issue, evidence: Pin
) -> None:
    store.pin(ME, issue.id, replace(evidence, id="gone", options={"by": ("business",), "data": "nowhere"}))
    app = open_page("workshop", lang="zh-CN", issue=issue.id)
    assert len(app.warning) == 1 and "nowhere" in app.warning[0].value
    assert [b.key for b in app.button if b.key == "pin.check.gone"] == []
    assert button(app, "pin.off.gone")


def test_the_link_of_evidence_asks_for_what_was_pinned(open_page: OpenPage, evidence: Pin) -> None:
    narrowed = replace(evidence, selection=replace(OCTOBER, filters=(Filter("region", ("east", None)),)))
    link = urlsplit(pinning.link_to(narrowed, "zh-CN"))
    asked = parse_qs(link.query)
    assert link.path == "contribution" and not link.netloc
    assert asked == {"data": ["default"], "metric": ["score"], "from": ["2026-10-01"], "to": ["2026-11-01"],
                     "base": ["previous"], "region": ["east", "~"], "by": ["business"], "depth": ["advanced"],
                     "segment": ["broadband"], "lang": ["zh-CN"]}  # fmt: skip
    app = open_page("contribution", **{name: values for name, values in asked.items() if name != "region"})
    assert not app.toast
    assert {name: app.query_params[name] for name in asked if name != "region"} == {
        name: values[0] for name, values in asked.items() if name != "region"
    }


def test_a_viewer_reads_and_changes_nothing(open_page: OpenPage, store: Store, diagnosed: Issue) -> None:
    store.save_plan(ME, Plan(issue_id=diagnosed.id, action="调整排班"))
    app = open_page("workshop", claims={"satrace_roles": ["viewer"]}, lang="en", issue=diagnosed.id)
    assert [t.value for t in app.title] == [diagnosed.title]
    assert DIAGNOSIS["cause"] in told(app) and len(app.table) == 2
    assert not app.text_area and not [b for b in app.button if b.form_id]
    changing = ("plan.", "issue.move.", "pin.off.", "save.")
    assert not [b.key for b in app.button if b.key and b.key.startswith(changing)]
    listed = open_page("workshop", claims={"satrace_roles": ["viewer"]}, lang="en")
    assert not listed.text_input and [b.label for b in listed.button if b.key == f"issue.open.{diagnosed.id}"]


def test_a_store_that_is_down_is_one_sentence(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_STORE", "postgresql+psycopg://li:secret@127.0.0.1:1/satrace")
    for language, page in (("en", "workshop"), ("zh-CN", "workshop")):
        app = open_page(page, lang=language)
        place = "postgresql+psycopg://li:\\*\\*\\*@127.0.0.1:1/satrace"
        expected = Catalogue.load(language).text("store.unreachable", place=place)
        assert [w.value for w in app.warning] == [expected] and not app.exception
    assert open_page("overview", lang="en").title[0].value == EN.text("overview.question")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_an_issue_is_all_in_one_language(language: str, open_page: OpenPage, store: Store, diagnosed: Issue) -> None:
    plan = Plan(issue_id=diagnosed.id, action="调整排班", remedy="surge_pool", owner="floor", check_method="did",
                action_type="staffing", due=date(2026, 1, 31), target_metric="score", target_value=90.0,
                expected_lift=0.5)  # fmt: skip
    store.save_plan(ME, plan)
    app = open_page("workshop", lang=language, issue=diagnosed.id)
    app.selectbox(key=f"page.plan.{diagnosed.id}").set_value(plan.id).run()
    app.session_state[f"history.{diagnosed.id}"] = True
    app.run()
    text, words = re.sub(r":[a-z-]+\[", " ", seen(app)), Catalogue.load(language)
    history = words.text(
        "workshop.audit.created_issue", who=words.text("workshop.local_user"), subject=diagnosed.title
    )
    assert history in text
    for section, code in {"cause_type": "capacity", "gap": "design", "owner": "floor", "comparison": "did"}.items():
        assert labelled(section, code, language) in text
    assert words.text("workshop.overdue") in text and words.text("workshop.local_user") in text
    if language == "zh-CN":
        assert set(re.findall(r"[A-Za-z_]{2,}", text)) <= {
            "English",
            "Satrace",
            "Excel",
            "APP",
            "VIP",
            "IVR",
            "IT",
            "AB",
        }
    else:
        assert not re.findall(
            "[一-鿿]+", re.sub("|".join([diagnosed.title, *DIAGNOSIS.values(), plan.action, "简体中文"]), "", text)
        )


def test_what_is_late_comes_first_and_what_is_closed_last(open_page: OpenPage, store: Store) -> None:
    today = date.today()
    made: Mapping[str, Issue] = {name: store.create_issue(ME, name) for name in ("late", "soon", "bare")}
    for name, due in (("late", today - timedelta(days=1)), ("soon", today + timedelta(days=9))):
        store.save_plan(ME, Plan(issue_id=made[name].id, action="x", due=due))
    app = open_page("workshop", lang="en")
    titles = [b.label.strip("*") for b in app.button if b.key and b.key.startswith("issue.open.")]
    assert titles == ["late", "soon", "bare"]
    assert [EN.text("workshop.overdue") in m.value for m in app.markdown if "badge" in m.value][:3] == [
        True,
        False,
        False,
    ]
    assert EN.text("workshop.summary", going=3, late=1) in [c.value for c in app.caption]


def test_a_link_to_an_issue_that_is_not_there_shows_the_list_and_says_so(open_page: OpenPage, issue: Issue) -> None:
    app = open_page("workshop", lang="en", issue="0")
    assert [t.value for t in app.title] == [EN.text("workshop.question")]
    assert any("issue" in toast.value for toast in app.toast) and "issue" not in app.query_params


def test_a_closed_issue_can_only_be_reopened(open_page: OpenPage, store: Store, diagnosed: Issue) -> None:
    plan = Plan(issue_id=diagnosed.id, action="x", owner="it", due=date(2026, 1, 1), target_metric="score")
    plan = store.save_plan(ME, plan)
    planned = store.save_issue(ME, replace(diagnosed, state=IssueState.PLANNED))
    store.save_plan(ME, replace(plan, state=PlanState.DROPPED))
    closed = store.save_issue(ME, replace(planned, state=IssueState.CLOSED))
    app = open_page("workshop", lang="en", issue=closed.id)
    assert not app.text_area and [b.key for b in app.button if b.key and "move" in b.key] == ["issue.move.open"]
    button(app, "issue.move.open").click().run()
    assert store.issue(ME, closed.id).state is IssueState.OPEN and app.text_area


def test_the_whole_issue_leaves_as_excel(
    open_page: OpenPage, store: Store, diagnosed: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(issue_id=diagnosed.id, action="=1+1", due=date(2026, 1, 31), target_value=90.5, check_method="did")
    store.save_plan(ME, plan)
    asked: list[Any] = []
    monkeypatch.setattr(issue_record, "excel", lambda *given: asked.append(given))
    open_page("workshop", lang="zh-CN", issue=diagnosed.id)
    book = pd.read_excel(BytesIO(issue_record.workbook(*asked[-1])), sheet_name=None, header=None)
    facts, pins, plans = book.values()
    assert dict(facts.itertuples(index=False))["所属体系"] == labelled("system", "improvement", "zh-CN")
    assert len(pins) == 2 and pins.iloc[1, 0] == ZH.text("page.contribution")
    row = dict(zip(plans.iloc[0], plans.iloc[1], strict=True))
    assert row[ZH.text("workshop.field.action")] == "'=1+1"
    assert row[ZH.text("workshop.field.target_value")] == 90.5
    assert row[ZH.text("workshop.field.due")] == pd.Timestamp(2026, 1, 31)
    assert row[ZH.text("workshop.field.check_method")] == labelled("comparison", "did", "zh-CN")
