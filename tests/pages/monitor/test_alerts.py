"""The morning page: who has to act, in order and with a name; the data, the report, an earlier morning again."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import local_analyst
from data_access.selection import Period
from data_access.workshop.monitor_records import Judgement, Rebase
from data_access.workshop.records import Basis, Plan
from data_access.workshop.store import Store, open_store
from pages.words.catalogue import Catalogue

from ..checks import check
from ..conftest import OpenPage, seen

ME, ZH, EN = local_analyst(), Catalogue.load("zh-CN"), Catalogue.load("en")
TODAY = date.today()


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Store:
    shutil.copy(empty_store, tmp_path)
    return open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")


def said(app: AppTest) -> list[str]:
    """The headings and paragraphs of the page, in its order."""
    return [element.value for element in app.markdown]


@pytest.mark.parametrize("words", [pytest.param(ZH, id="zh-CN"), pytest.param(EN, id="en", marks=pytest.mark.prove)])
def test_a_morning_says_who_has_to_act_and_what_it_rests_on(words: Catalogue, open_page: OpenPage) -> None:
    app = open_page("alerts", lang=words.language, depth="intermediate")
    text = check(app, words.language, "alerts")
    assert words.text("page.data_health") in text and words.text("page.daily_report") in text
    assert words.text("data_health.check.late") in text and words.text("alerts.drivers") in text
    assert words.text("alerts.plans_empty") in text
    assert "as_of" not in app.query_params  # a bookmark opens the morning of the day on which it is opened
    assert any(
        "31" in line and words.text("alerts.role.data") in seen(app) for line in said(app)
    )  # old data are said


def test_overdue_plans_stand_first_by_who_answers_for_them(open_page: OpenPage, store: Store) -> None:
    issue = store.create_issue(ME, "扣费说明不清", basis=Basis.RECORDING, basis_reason="听了录音")
    for action, owner, person, late in (("补短信", "it", "王强", 2), ("改话术", "training", "李梅", 9),
                                        ("改流程", "it", "王强", 1), ("下周到期", "it", "赵云", -3)):  # fmt: skip
        due = TODAY - timedelta(days=late)
        store.save_plan(ME, Plan(issue_id=issue.id, action=action, owner=owner, person=person, due=due))
    app = open_page("alerts", lang="zh-CN")
    assert not app.exception
    text = seen(app)
    order = [text.index(f"完成或改期：{action}") for action in ("改话术", "补短信", "改流程")]
    assert order == sorted(order)  # the longest overdue first, then all of the next name
    assert "李梅" in text and "逾期 9 天" in text and "逾期措施 3 项" in text
    assert "完成或改期：下周到期" not in text and "下周到期" in text  # due soon: in the table alone


def test_an_earlier_morning_is_seen_again_by_its_link(open_page: OpenPage) -> None:
    app = open_page("alerts", lang="zh-CN", as_of="2026-10-11")
    assert not app.exception and app.query_params["as_of"] == "2026-10-11"
    text = seen(app)
    assert "2026-10-12（星期一）早上" in text and "2026-10-11 评价" in text
    assert "距今 1 天" in text  # the data were new that morning
    broken = open_page("alerts", lang="zh-CN", as_of="1999-01-01")
    assert not broken.exception and broken.toast


def test_rows_behind_a_check_are_a_click_away(open_page: OpenPage) -> None:
    app = open_page("alerts", lang="zh-CN", as_of="2026-10-20")
    app.session_state["alerts.rows"] = True
    app.run()
    assert not app.exception
    frames = [frame.value for frame in app.dataframe]
    assert any({"contact_id", "contacted_at", "loaded_at"} <= set(frame.columns) for frame in frames)
    assert not any("customer_id" in frame.columns for frame in frames)


def test_data_that_cannot_be_watched_say_so_in_one_sentence(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{i},2026-10-{i % 9 + 1:02},{3 + i % 7},{'AB'[i % 2]}" for i in range(30)]
    tiny, model = tmp_path / "tiny.csv", tmp_path / "tiny.toml"
    tiny.write_text("id,contacted_at,score,team\n" + "\n".join(rows), encoding="utf-8")
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(tiny))
    monkeypatch.setenv("SATRACE_MODEL", str(model))
    bare = 'table = "tiny"\nscore = { column = "score", scale = [1, 10], dissatisfied_to = 6 }\n'
    dated = 'time = { column = "contacted_at" }\n[dimensions]\nteam = { column = "team" }\n'
    for text, told in ((bare + dated, "此前天数太少，无法判断是否正常。"), (bare, ZH.text("as_of.no_time"))):
        model.write_text(text, encoding="utf-8")
        app = open_page("alerts", lang="zh-CN")
        assert not app.exception and not app.error
        assert told in seen(app)


def test_what_is_said_of_a_signal_is_kept_and_a_trace_begins_from_it(open_page: OpenPage, store: Store) -> None:
    app = open_page("alerts", lang="zh-CN", as_of="2026-10-20")
    assert not app.exception
    known = next(button for button in app.button if str(button.key).startswith("judge.known."))
    known.click().run()
    (feedback,) = store.feedback(ME, "default")
    assert feedback.judgement is Judgement.KNOWN and "判为已知" in seen(app)
    assert "判为已知" in seen(open_page("alerts", lang="zh-CN", as_of="2026-10-20"))  # whoever comes next sees it
    begin = next(button for button in app.button if str(button.key).startswith("begin."))
    begin.click().run()
    (issue,) = store.issues(ME)
    assert [one.issue_id for one in store.feedback(ME, "default")][-1] == issue.id
    again = open_page("alerts", lang="zh-CN", as_of="2026-10-20")
    assert issue.title in seen(again) and ZH.text("alerts.no_plan") in seen(again)
    store.remove_issue(ME, issue.id)
    assert begin.key in [button.key for button in open_page("alerts", lang="zh-CN", as_of="2026-10-20").button]


def test_limits_are_frozen_and_begin_anew_for_everybody(open_page: OpenPage, store: Store) -> None:
    def morning() -> AppTest:
        app = open_page("alerts", lang="zh-CN", as_of="2026-10-20")
        app.session_state["alerts.limits"] = True
        return app.run()

    def freeze(app: AppTest, *days: date) -> None:
        app.date_input(key="alerts.freeze.days").set_value(days)
        app.button(key="alerts.freeze.save").click().run()

    app = morning()
    assert not app.exception and "上一季度" in seen(app)
    freeze(app, date(2026, 9, 1), date(2026, 9, 7))
    assert ZH.text("alerts.limits.short", least=28) in seen(app) and store.watch_baseline(ME, "default") is None
    freeze(app, date(2026, 6, 1), date(2026, 9, 30))
    frozen = store.watch_baseline(ME, "default")
    assert frozen is not None and frozen.period == Period(date(2026, 6, 1), date(2026, 10, 1))
    store.rebase(ME, Rebase(dataset="default", metric="score", at=date(2026, 10, 6), reason="新计费规则"))
    text = seen(morning())
    assert "冻结" in text and "新计费规则" in text and "上一季度" not in text


def test_limits_of_a_segment_begin_anew_below_its_chart(open_page: OpenPage, store: Store) -> None:
    app = open_page("alerts", lang="zh-CN", as_of="2026-10-20")
    signal = next(str(b.key) for b in app.button if str(b.key).startswith("judge.known.")).removeprefix(
        "judge.known."
    )
    app.session_state[f"alerts.chart.{signal}"] = True
    app.run()
    app.button(key=f"anew.save.{signal}").click().run()
    assert store.rebases(ME, "default") == ()  # nobody knows why
    app.text_input(key=f"anew.why.{signal}").input("新计费规则")
    app.button(key=f"anew.save.{signal}").click().run()
    (anew,) = store.rebases(ME, "default")
    assert not app.exception and anew.reason == "新计费规则" and anew.segment
