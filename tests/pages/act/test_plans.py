"""The page of all plans: its answer, each way to see them, moves and changes right there, and the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.selection import Filter
from data_access.statement import Statement
from data_access.workshop.records import (
    Basis,
    Issue,
    Look,
    Milestone,
    Pin,
    Plan,
    PlanState,
    Priority,
    Ruling,
    Verdict,
)
from data_access.workshop.store import Store
from pages.words.catalogue import Catalogue
from pages.words.format import spaced

from ..checks import LATIN, check
from ..conftest import EACH_LANGUAGE, Downloads, OpenPage, file_of, seen
from .conftest import EN, LI, ME, OCTOBER, ZH, button, field

TODAY = date.today()
FORMULA = '=HYPERLINK("http://elsewhere.example")'
WAYS = ("board", "table", "timeline", "blocks", "months", "promises")
SEGMENT = (Filter("business", ("mobile_3g",)),)


def day(later: int) -> date:
    return TODAY + timedelta(days=later)


@pytest.fixture
def issue(store: Store) -> Issue:
    """An issue with evidence of the segment that its plans are for."""
    made = store.create_issue(ME, "扣费说明不清", basis=Basis.RECORDING, basis_reason="听了录音", group="A")
    row = {"segment": ("mobile_3g",), "share": 0.2, "lost_points": 1.5, "score": 81.0, "n": 500}
    store.pin(ME, made.id, Pin(method="contribution", selection=OCTOBER, data_version="v", rows=(row,),
                               options={"by": ("business",), "data": "default"}))  # fmt: skip
    return store.issue(ME, made.id)


@pytest.fixture
def plans(store: Store, issue: Issue) -> dict[str, Plan]:
    """Late and moved twice; done, effective by a look; done and overruled; one that nobody owns yet."""
    common = {"issue_id": issue.id, "target_metric": "score", "target_value": 86.0, "segment": SEGMENT}
    late = store.save_plan(ME, Plan(action="短信提示", owner="marketing", due=day(-40), expected_lift=0.3,
                                    block="communication", start=day(-60), blocker="接口未开通", **common,
                                    milestones=(Milestone("文案定稿", day(-12), day(-11)),)))  # fmt: skip
    for due in (day(-25), day(-12)):
        late = store.save_plan(ME, replace(late, due=due))
    late = store.save_plan(ME, replace(late, state=PlanState.DOING))
    made = {"late": late, "new": store.save_plan(ME, Plan(issue_id=issue.id, action=FORMULA))}
    for name, verdict, gain in (("good", Verdict.EFFECTIVE, 2.5), ("ruled", Verdict.NOT_EFFECTIVE, -0.2)):
        plan = store.save_plan(ME, Plan(action=f"培训{name == 'good'}", owner="training", due=day(-50),
                                        expected_lift=0.4, start=day(-90), check_on=day(-2), **common))  # fmt: skip
        for state in (PlanState.DOING, PlanState.DONE):
            plan = store.save_plan(ME, replace(plan, state=state))
        numbers = {"gain": gain, "gain_low": gain - 0.8, "gain_high": gain + 0.8, "df": 10.0}
        store.add_look(ME, Look(plan_id=plan.id, issue_id=issue.id, dataset="default", data_version="v", planned=True,
                                selection=OCTOBER, verdict=verdict, statistics=numbers,
                                statements=(Statement("effect.effective", {"gain": gain}),)))  # fmt: skip
        made[name] = plan
    ruling = Ruling(plan_id=made["ruled"].id, issue_id=issue.id, verdict=Verdict.EFFECTIVE, reason="口径已改",
                    created_by="张敏")  # fmt: skip
    store.confirm_ruling(ME, store.overrule(ME, ruling).id, name="王芳")
    return made


def stored(store: Store, plan: Plan) -> Plan:
    return next(one for one in store.plans(ME) if one.id == plan.id)


def ways(app: AppTest) -> Iterator[tuple[str, AppTest]]:
    yield WAYS[0], app
    for way in WAYS[1:]:
        control = next(group for group in app.button_group if group.key == "option.plans.way")
        yield way, control.set_value(way).run()


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_each_way_is_drawn_in_a_language(
    language: str, open_page: OpenPage, plans: dict[str, Plan], store: Store
) -> None:
    store.save_plan(ME, replace(store.plans(ME)[-1], action="宣传"))
    words = Catalogue.load(language)
    told = words.text("plan_register.answer_late", late=1, count=4, days=12)
    for way, app in ways(open_page("plans", lang=language, text="large")):
        text = check(app, language, "plans")
        assert spaced(told) in text and app.query_params["way"] == way
        if language == "zh-CN":
            assert set(re.findall(r"[A-Za-z_]{2,}", text)) - {"True", "False", "default"} <= LATIN, way


def says_what_is_overdue(text: str) -> None:
    """First, with its days, its owner and its moved dates."""
    chain = " → ".join(EN.show(d, "day" if d.year == TODAY.year else "full_day") for d in map(day, (-40, -25, -12)))
    assert spaced(f"moved 2 times: {chain}") in text and "12 days overdue" in text and "Marketing" in text
    assert "2 shown effective, 0 not, 0 without enough evidence." in text
    assert "overruled by 张敏 and 王芳" in text


def test_a_card_is_moved_by_the_rules_and_a_viewer_only_reads(
    open_page: OpenPage, store: Store, plans: dict[str, Plan]
) -> None:
    app, late = open_page("plans", lang="en"), plans["late"]
    says_what_is_overdue(seen(app))
    mine, theirs = f"plans.move.{late.id}.done", replace(late, blocker="")
    assert not [b for b in app.button if b.key == f"plans.move.{plans['new'].id}.done"]
    store.save_plan(LI, theirs)
    button(app, mine).click().run()
    assert stored(store, late).state is PlanState.DOING and "Li" in seen(app), "both versions are shown"
    assert EN.text("workshop.conflict.title") in seen(app)
    again = open_page("plans", lang="en")
    button(again, mine).click().run()
    assert stored(store, late).state is PlanState.DONE
    reads = open_page("plans", claims={"satrace_roles": ["viewer"]}, lang="en")
    assert "短信提示" in seen(reads) and not [b for b in reads.button if (b.key or "").startswith("plans.move.")]
    other = {"satrace_roles": ["participant"], "satrace_groups": ["B"]}
    assert "短信提示" not in seen(open_page("plans", claims=other, lang="en"))


def test_owner_and_priority_are_changed_in_the_row(open_page: OpenPage, store: Store, plans: dict[str, Plan]) -> None:
    app, new = open_page("plans", lang="en"), plans["new"]
    button(app, f"plans.edit.{new.id}").click().run()
    field(app, "selectbox", "priority").select(Priority.URGENT)
    field(app, "selectbox", "owner").select("marketing")
    button(app, "plans.panel.save").click().run()
    saved = stored(store, new)
    assert (saved.priority, saved.owner, saved.action) == (Priority.URGENT, "marketing", FORMULA)
    assert store.history(ME, new.id)[0].after == {"owner": "marketing", "priority": "urgent"}
    meets_what_was_saved_in_between(app, store, plans["late"])


def meets_what_was_saved_in_between(app: AppTest, store: Store, late: Plan) -> None:
    """Both versions are shown and none is lost."""
    button(app, f"plans.edit.{late.id}").click().run()
    field(app, "selectbox", "priority").select(Priority.URGENT).run()
    store.save_plan(LI, replace(late, owner="billing"))
    button(app, "plans.panel.save").click().run()
    assert stored(store, late).priority is Priority.NORMAL and EN.text("workshop.conflict.title") in seen(app)
    button(app, f"conflict.save.{late.id}").click().run()
    assert (stored(store, late).owner, stored(store, late).priority) == ("billing", Priority.URGENT)
    assert EN.text("workshop.conflict.title") not in seen(app)


def test_a_viewer_comments_in_the_row_and_a_cycle_that_began_by_itself_says_why(
    open_page: OpenPage, store: Store, plans: dict[str, Plan]
) -> None:
    closed = store.save_plan(ME, replace(plans["good"], state=PlanState.CLOSED))
    again = store.reopen(closed.id, Statement("workshop.by", {"who": "16 %"}), "w")
    app = open_page("plans", claims={"satrace_roles": ["viewer"]}, lang="en")
    app.session_state["plans.chosen"] = again.id
    app.session_state[f"plans.comments.{again.id}"] = True
    text = seen(app.run())
    assert EN.text("verify.reopened", reason="16 %") in spaced(text) and "cycle 2 of" in text
    app.text_area(key=f"comment.text.{again.issue_id}").set_value("看过了")
    button(app, "comment.save").click().run()
    assert [comment.text for comment in store.comments(ME)] == ["看过了"]


def test_the_filters_stand_in_the_link_and_a_typed_owner_does_not(
    open_page: OpenPage, store: Store, plans: dict[str, Plan]
) -> None:
    store.save_plan(ME, replace(plans["new"], owner="王小明", action="新计划"))
    app = open_page("plans", lang="en", plan_owner="training", plan_verdict="effective", way="table")
    assert "培训True" in seen(app) and "短信提示" not in _below(app)
    owner = next(box for box in app.selectbox if box.key == "option.plans.plan_owner")
    app = owner.select("王小明").run()
    assert "王小明" not in app.query_params.values()
    assert EN.text("plan_register.none_left") in seen(app)


def _below(app: AppTest) -> str:
    return " ".join(str(cell) for frame in app.dataframe for cell in frame.value.to_numpy().ravel())


def test_the_files_say_what_the_screen_says_and_hold_no_formula(
    open_page: OpenPage, plans: dict[str, Plan], downloads: Downloads
) -> None:
    app = open_page("plans", lang="zh-CN", way="table")
    book = openpyxl.load_workbook(BytesIO(file_of(downloads, ZH.text("page.plans"), ".xlsx")()))
    heads, *rows = book.worksheets[1].values
    table = [dict(zip(heads, row, strict=True)) for row in rows]
    column = {name: ZH.text(f"plan_register.column.{name}") for name in ("action", "gain", "effect")}
    (grid,) = app.dataframe
    assert [row[column["action"]] for row in table][:1] == list(grid.value[column["action"]])[:1] == ["短信提示"]
    good = next(row for row in table if row[column["action"]] == "培训True")
    assert good[column["gain"]] == 2.5 and "+2.50 [1.70, 3.30] 分" in list(grid.value[column["effect"]])
    assert all(cell.data_type != "f" for sheet in book for line in sheet for cell in line)
    app.session_state["plans.brief"] = True
    (brief,) = app.run().code
    assert "短信提示" in brief.value and "逾期 12 天" in spaced(brief.value)
    app.session_state["plans.brief.owner"] = "training"
    (brief,) = app.run().code
    assert "有效；已验证 +2.5" in brief.value and "[1.7" in brief.value
    events = file_of(downloads, ZH.text("page.plans"), ".ics")().decode()
    assert events.startswith("BEGIN:VCALENDAR\r\n") and events.count("BEGIN:VEVENT") == 6  # 3 due, 2 checks, 1 step
    csv = file_of(downloads, ZH.text("page.plans"), ".csv")()
    assert b"\n=" not in csv and b",=" not in csv


@pytest.mark.prove
def test_lost_points_of_a_segment_that_nobody_pinned_are_asked_of_the_data(
    open_page: OpenPage, store: Store, evidence: Pin
) -> None:
    path = (Filter("sub_type", ("5g_bill",)),)
    begun = store.begin(ME, "5G 账单", evidence, path)
    store.save_plan(ME, Plan(issue_id=begun.id, action="改", target_metric="score", segment=path, expected_lift=0.2))
    app = open_page("plans", lang="en", way="blocks")
    chart = next(c for c in app.get("plotly_chart"))
    told = re.search(r"1 plan, ([\d.]+) lost", chart.proto.spec)
    assert told and float(told[1]) > 0 and not app.warning


def test_without_plans_it_says_how_one_comes_about_and_without_data_it_stands(
    open_page: OpenPage, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = seen(open_page("plans", lang="zh-CN"))
    assert ZH.text("plan_register.none") in text and ZH.text("plan_register.to_overview") in text
    made = store.create_issue(ME, "无数据", basis=Basis.COMPLAINT, basis_reason="投诉")
    store.save_plan(ME, Plan(issue_id=made.id, action="先做起来", due=day(-1)))
    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql://127.0.0.1:1/none")
    app = open_page("plans", lang="zh-CN")
    assert not app.exception and "先做起来" in seen(app)
