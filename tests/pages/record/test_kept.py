"""What is typed is there again for its author, wherever it was left; what is deleted comes back."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from tests.pages.act.conftest import field, told
from tests.pages.conftest import OpenPage, seen
from tests.pages.explain.trace.conftest import LI, ME, at_step, button, keys

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")


def leave(app: AppTest, kind: str, name: str, words: str) -> None:
    """Type into a field and leave it, without saving; whatever is pressed next takes it along."""
    field(app, kind, name).set_value(words)


def test_every_text_is_there_in_another_session(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = open_page("trace", lang="zh-CN", issue=traced.issue.id)
    button(app, f"why.open.{traced.whys[2].id}").click().run()
    leave(app, "text_input", "statement", "没人事先说")
    leave(app, "text_input", "cause", "改得突然")
    leave(app, "selectbox", "cause_type", "capacity")
    leave(at_step(app, "data_problem"), "text_area", "notes", "第一行\n第二行")
    button(app, "plan.add").click().run()
    leave(app, "text_input", "action", "先告知")
    app.run()
    assert store.traces(ME, traced.issue.id) == (traced,)  # nothing was saved

    again = open_page("trace", lang="zh-CN", issue=traced.issue.id)
    assert field(again, "text_input", "statement").value == "没人事先说"  # its form is open
    assert field(again, "text_input", "cause").value == "改得突然"
    assert field(again, "selectbox", "cause_type").value == "capacity"
    assert field(again, "text_input", "action").value == "先告知"
    assert any(caption.value.startswith(":material/edit_note: 尚未提交") for caption in again.caption)
    assert field(at_step(again, "data_problem"), "text_area", "notes").value == "第一行\n第二行"
    assert "的草稿" in seen(open_page("workshop", lang="zh-CN"))
    button(again, "plan.save").click().run()
    button(again, "save.data_problem").click().run()
    assert store.issue(ME, traced.issue.id).notes == "第一行\n第二行"
    assert "先告知" in {plan.action for plan in store.plans(ME, traced.issue.id)}
    left = {draft.field for draft in store.drafts.of(ME, traced.issue.id)}
    assert left == {"statement", "cause", "cause_type"}  # the rest was saved
    assert not again.exception and not again.error


def test_a_new_why_is_found_below_the_one_it_explains(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = open_page("trace", lang="en", issue=traced.issue.id)
    button(app, f"why.open.{traced.whys[2].id}").click().run()
    button(app, "why.below").click().run()
    leave(app, "text_input", "statement", "Nobody was asked")
    app.run()
    again = open_page("trace", lang="en", issue=traced.issue.id)
    assert field(again, "text_input", "statement").value == "Nobody was asked"
    button(again, "why.save").click().run()
    saved = store.whys(ME, traced.issue.id)[-1]
    assert (saved.statement, saved.parent_id) == ("Nobody was asked", traced.whys[2].id)
    assert store.drafts.of(ME, traced.issue.id) == ()


def test_cancel_throws_it_away(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = open_page("trace", lang="en", issue=traced.issue.id)
    button(app, f"why.open.{traced.whys[0].id}").click().run()
    leave(app, "text_input", "statement", "Never mind")
    button(app, "why.cancel").click().run()
    assert store.drafts.of(ME, traced.issue.id) == ()
    button(app, f"why.open.{traced.whys[0].id}").click().run()
    assert field(app, "text_input", "statement").value == traced.whys[0].statement


def test_a_draft_meets_what_was_saved_since(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = at_step(open_page("trace", lang="en", issue=traced.issue.id), "data_problem")
    leave(app, "text_area", "notes", "mine")
    app.run()
    store.save_issue(LI, replace(traced.issue, notes="Li's words", title="Li's title"))
    again = open_page("trace", lang="en", issue=traced.issue.id)
    assert [s.value for s in again.header] == [EN.text("workshop.conflict.title")]
    assert "mine" in told(again) and "Li's words" in told(again)
    button(again, f"conflict.save.{traced.issue.id}").click().run()
    saved = store.issue(ME, traced.issue.id)
    assert (saved.notes, saved.title) == ("mine", "Li's title")
    assert store.drafts.of(ME, traced.issue.id) == () and not again.exception


def test_deleted_and_restored(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = open_page("workshop", lang="en", issue=traced.issue.id)
    last = traced.whys[2]
    button(app, f"why.open.{last.id}").click().run()
    button(app, "why.remove").click().run()
    assert last not in store.whys(ME, traced.issue.id)
    button(app, "undo.restore").click().run()
    assert store.traces(ME, traced.issue.id) == (traced,)
    button(app, "issue.delete").click().run()
    assert store.issues(ME) == () and traced.issue.title in "".join(i.value for i in app.info)
    for page in ("workshop", "trace"):
        assert not any(key.startswith(("issue.card", "issue.open")) for key in keys(open_page(page, lang="en")))
    button(app, "undo.restore").click().run()
    assert store.traces(ME) == (traced,) and not app.exception and not app.error


def test_the_last_change_is_taken_back(open_page: OpenPage, store: Store, traced: Trace) -> None:
    changed = store.save_issue(LI, replace(traced.issue, notes="Li's words"))
    app = open_page("workshop", lang="en", issue=traced.issue.id)
    assert any("Li's words" in m.value and "Li" in m.value for m in app.markdown if "→" in m.value)
    button(app, f"undo.now.{changed.id}").click().run()
    assert store.issue(ME, changed.id).notes == traced.issue.notes and not app.exception and not app.error
