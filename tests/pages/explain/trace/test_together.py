"""Two people on one trace: the second save shows both versions, and nothing that was typed is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data_access.workshop.records import CauseLevel, Confidence
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from tests.pages.act.conftest import field, told
from tests.pages.conftest import EACH_CATALOGUE, OpenPage
from tests.pages.explain.trace.conftest import LI, ME, PATH, at_step, button

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")


@pytest.mark.parametrize("words", EACH_CATALOGUE)
def test_two_people_on_one_why_lose_nothing(
    words: Catalogue, open_page: OpenPage, store: Store, traced: Trace
) -> None:
    why = traced.whys[0]
    app = open_page("trace", lang=words.language, issue=traced.issue.id)
    button(app, f"why.open.{why.id}").click().run()
    store.save_why(LI, replace(why, statement="*李* 的说法", confidence=Confidence.HIGH))
    field(app, "text_input", "statement").set_value("我的说法")
    field(app, "selectbox", "level").set_value("direct")
    button(app, "why.save").click().run()
    assert store.whys(ME, traced.issue.id)[0].statement == "*李* 的说法"
    assert [s.value for s in app.header if s.value == words.text("workshop.conflict.title")]
    shown = told(app)
    assert r"\*李\* 的说法" in shown and "我的说法" in shown
    choices = {g.key.rpartition(".")[2]: g for g in app.button_group if g.key and g.key.startswith("conflict.")}
    assert {name: g.value for name, g in choices.items()} == {
        "statement": "mine", "level": "mine", "confidence": "theirs"
    }  # fmt: skip
    button(app, f"conflict.save.{why.id}").click().run()
    saved = store.whys(ME, traced.issue.id)[0]
    assert (saved.statement, saved.level, saved.confidence) == ("我的说法", CauseLevel.DIRECT, Confidence.HIGH)
    assert not app.exception and not app.error


def test_two_people_on_one_path_both_keep_theirs(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = at_step(open_page("trace", lang="en", issue=traced.issue.id), "where")
    store.save_issue(LI, replace(traced.issue, path=PATH[:1], notes="Li's words"))
    button(app, "path.2").click().run()
    assert store.issue(ME, traced.issue.id).path == PATH[:1]
    assert [w.value for w in app.warning] == [EN.text("workshop.conflict.text", who="Li", subject=traced.issue.title)]
    choices = {g.key.rpartition(".")[2]: g.value for g in app.button_group if g.key and g.key.startswith("conflict.")}
    assert choices["path"] == "mine" and choices["notes"] == "theirs"
    button(app, f"conflict.save.{traced.issue.id}").click().run()
    saved = store.issue(ME, traced.issue.id)
    assert (saved.path, saved.notes) == (PATH[:2], "Li's words") and not app.exception and not app.error


def test_what_is_typed_outlives_a_step_of_the_path(open_page: OpenPage, store: Store, traced: Trace) -> None:
    store.save_issue(ME, replace(traced.issue, location_reason="Before there was a path"))
    app = at_step(open_page("trace", lang="en", issue=traced.issue.id), "where")
    before = field(app, "text_area", "location_reason").proto.id
    for key in ("path.back", "path.1"):
        button(app, key).click().run()
        box = field(app, "text_area", "location_reason").proto
        # A browser holds what is typed in a form until it is sent, unless the box is another or is written over.
        assert box.id == before and not box.set_value
    field(app, "text_area", "location_reason").set_value("typed meanwhile")
    button(app, "save.where").click().run()
    stored = store.issue(ME, traced.issue.id)
    assert (stored.path, stored.location_reason) == (PATH[:1], "typed meanwhile")
    assert not [g for g in app.button_group if g.key and g.key.startswith("conflict.")] and not app.info


def test_a_path_that_is_left_can_be_taken_up_again(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = at_step(open_page("trace", lang="en", issue=traced.issue.id), "where")
    button(app, "path.1").click().run()
    button(app, "path.0").click().run()
    left = store.issue(ME, traced.issue.id)
    assert (left.path, left.branches) == ((), (PATH,))
    button(app, "path.branch.0").click().run()
    taken = store.issue(ME, traced.issue.id)
    assert (taken.path, taken.branches) == (PATH, ())
    assert not app.exception and not app.error
