"""Evidence in the Workshop: pinned, said in both languages, asked again, handed on; and who may only read it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from streamlit.util import calc_hash

from data_access.selection import Filter
from data_access.statement import Statement
from data_access.workshop.records import Issue, Pin, Plan
from data_access.workshop.store import Store
from pages.record import history as issue_record
from pages.report import pinning
from pages.words.catalogue import Catalogue

from ..conftest import EACH_LANGUAGE, OpenPage, seen
from .conftest import DIAGNOSIS, EN, ME, OCTOBER, ZH, button, field, labelled, told


def test_what_is_pinned_on_a_page_is_open_in_the_workshop(open_page: OpenPage, store: Store) -> None:
    app = open_page("contribution", lang="en", by="business")
    app.text_input(key="pin.title.contribution").set_value("Why do we lose points?")
    next(b for b in app.button if b.key == "pin.save.contribution").click().run()
    assert [s.value for s in app.success] == [EN.text("pin.done")]
    app._page_hash = calc_hash("workshop")
    app.run()
    (made,) = store.issues(ME)
    (pin,) = store.pins(ME, made.id)
    assert [t.value for t in app.title] == ["Why do we lose points?"] and app.query_params["issue"] == made.id
    assert pin.options == {"by": ("business",), "data": "default"}
    assert EN.text("workshop.evidence", count=1) in [s.value for s in app.header]


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
    then, now = (EN.show(score, "metric") for score in (12.3, evidence.statistics["score"]))
    assert cells == [[EN.text("workshop.stat.score"), then, now]]


def test_evidence_of_a_data_set_that_is_gone_still_speaks(
    open_page: OpenPage, store: Store, issue: Issue, evidence: Pin
) -> None:
    store.pin(ME, issue.id, replace(evidence, id="gone", options={"by": ("business",), "data": "nowhere"}))
    app = open_page("workshop", lang="zh-CN", issue=issue.id)
    assert len(app.warning) == 1 and "nowhere" in app.warning[0].value
    assert [b.key for b in app.button if b.key == "pin.check.gone"] == []
    assert button(app, "pin.off.gone")


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_evidence_whose_words_are_gone_is_one_sentence(
    language: str, open_page: OpenPage, store: Store, evidence: Pin
) -> None:
    """A version before said it with a text that no catalogue has any more: the page opens, the list as well."""
    old = replace(evidence, id="worn", statements=(Statement("contribution.said_long_ago", {"n": 3}),))
    made = store.create_issue(ME, "热线为何丢分", data_version=evidence.data_version)
    made = store.save_issue(ME, replace(made, origin=store.pin(ME, made.id, old).id))
    for where in ({"issue": made.id}, {}):
        app = open_page("workshop", lang=language, **where)
        assert not app.exception and not app.error
    app = open_page("workshop", lang=language, issue=made.id)
    assert any(Catalogue.load(language).text("workshop.wording_gone") in m.value for m in app.markdown)


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
    assert [t.key for t in app.text_area] == [f"comment.text.{diagnosed.id}"]  # whoever sees it may speak
    assert not [b for b in app.button if str(b.key).startswith("save.")]
    changing = ("plan.", "issue.move.", "pin.off.", "save.")
    assert not [b.key for b in app.button if b.key and b.key.startswith(changing)]
    listed = open_page("workshop", claims={"satrace_roles": ["viewer"]}, lang="en")
    assert not listed.text_input and [b.label for b in listed.button if b.key == f"issue.open.{diagnosed.id}"]


def test_a_store_that_is_down_is_one_sentence(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_STORE", "postgresql+psycopg://li:secret@127.0.0.1:1/satrace")
    for language, page in (("en", "workshop"), ("zh-CN", "workshop")):
        app = open_page(page, lang=language)
        expected = Catalogue.load(language).text("store.unreachable", place="127.0.0.1:1/satrace")
        assert [w.value for w in app.warning] == [expected] and not app.exception
    assert open_page("overview", lang="en").title[0].value == EN.text("overview.question")


@pytest.mark.parametrize("language", EACH_LANGUAGE)
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
            "PowerPoint",
            "VIP",
            "IVR",
            "IT",
            "AB",
        }
    else:
        assert not re.findall(
            "[一-鿿]+", re.sub("|".join([diagnosed.title, *DIAGNOSIS.values(), plan.action, "简体中文"]), "", text)
        )


def test_the_whole_issue_leaves_as_excel(
    open_page: OpenPage, store: Store, diagnosed: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(issue_id=diagnosed.id, action="=1+1", due=date(2026, 1, 31), target_value=90.5, check_method="did")
    store.save_plan(ME, plan)
    asked: list[Any] = []
    monkeypatch.setattr(issue_record, "excel", lambda *given: asked.append(given))
    open_page("workshop", lang="zh-CN", issue=diagnosed.id)
    book = pd.read_excel(BytesIO(issue_record.workbook(*asked[-1])), sheet_name=None, header=None, engine="openpyxl")
    facts, pins, plans = book.values()
    assert dict(facts.itertuples(index=False))[ZH.text("workshop.field.system")] == labelled(
        "system", "improvement", "zh-CN"
    )
    assert len(pins) == 2 and pins.iloc[1, 0] == ZH.text("page.contribution")
    row = dict(zip(plans.iloc[0], plans.iloc[1], strict=True))
    assert row[ZH.text("workshop.field.action")] == "'=1+1"
    assert row[ZH.text("workshop.field.target_value")] == 90.5
    assert row[ZH.text("workshop.field.due")] == pd.Timestamp(2026, 1, 31)
    assert row[ZH.text("workshop.field.check_method")] == labelled("comparison", "did", "zh-CN")


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_records_stay_at_hand_while_the_data_are_away(
    language: str, open_page: OpenPage, store: Store, diagnosed: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_plan(ME, Plan(issue_id=diagnosed.id, action="x", target_metric="score", target_value=90.0))
    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql://127.0.0.1:1/calls")
    app, words = open_page("workshop", lang=language, issue=diagnosed.id), Catalogue.load(language)
    assert not app.exception and not app.error and [t.value for t in app.title] == [diagnosed.title]
    away = words.text("workshop.not_open", reason=words.text("workshop.data_away"))
    assert away in [w.value for w in app.warning]
    button(app, "plan.add").click().run()
    field(app, "text_input", "action").set_value("夜班加人")
    button(app, "plan.save").click().run()
    assert "夜班加人" in [plan.action for plan in store.plans(ME, diagnosed.id)]


def test_the_second_pin_asks_where_to_and_the_same_twice_is_said(open_page: OpenPage, store: Store) -> None:
    """The issue last pinned to is offered, in sight; nothing is pinned to it a second time."""
    app = open_page("contribution", lang="en", by="business")
    save = lambda: next(b for b in app.button if b.key == "pin.save.contribution").click().run()  # noqa: E731
    save()
    app.run()
    (made,) = store.issues(ME)
    assert app.selectbox(key="pin.issue.contribution").value == made.id
    save()
    assert [i.value for i in app.info] == [EN.text("pin.already")] and len(store.pins(ME, made.id)) == 1
    app.selectbox(key="pin.issue.contribution").set_value("")
    save()
    assert len(store.issues(ME)) == 2
