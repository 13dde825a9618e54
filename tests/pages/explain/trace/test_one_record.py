"""An issue is one record: the same on both pages, asked for each thing once, and said again at the other steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from data_access.workshop import tables
from data_access.workshop.records import CauseLevel, Pin, Why, WhyStatus
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from pages.words.why_tree import deepest
from tests.pages.act.conftest import field, told
from tests.pages.conftest import OpenPage
from tests.pages.explain.trace.conftest import ME, PATH, WHYS, WRITTEN, at_step, begun, button, keys

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
BEFORE = ("description", "data_problem", "where", "why", "solution")
STEPS = ("data_problem", "where", "why")
H, S, R = WhyStatus


@pytest.mark.parametrize("step", STEPS)
def test_both_pages_show_the_same_record(step: str, open_page: OpenPage, traced: Trace) -> None:
    pages = [at_step(open_page(page, lang="en", issue=traced.issue.id), step) for page in ("trace", "workshop")]
    assert told(pages[0]) == told(pages[1])
    assert keys(pages[0]) == keys(pages[1])


def test_what_has_a_place_of_its_own_is_not_asked_for_in_words(open_page: OpenPage, traced: Trace) -> None:
    app = open_page("trace", lang="en", issue=traced.issue.id)
    asked = {step: {t.label for t in at_step(app, step).text_area} & edited(EN) for step in STEPS}
    assert asked == {"data_problem": {EN.text("workshop.field.notes")}, "where": set(), "why": set()}


def edited(words: Catalogue) -> set[str]:
    return {words.text(f"workshop.field.{name}") for name in ("notes", "location_reason", "exception", "cause")}


@pytest.mark.parametrize("words", [EN, ZH])
def test_an_issue_without_a_path_takes_a_reason(
    words: Catalogue, open_page: OpenPage, store: Store, drop: Pin
) -> None:
    issue = begun(store, drop, (), title="处处都低")
    app = at_step(open_page("trace", lang=words.language, issue=issue.id), "where")
    field(app, "text_area", "location_reason").set_value("各业务都一样")
    button(app, "save.where").click().run()
    assert store.issue(ME, issue.id).location_reason == "各业务都一样" and not app.error
    button(app, "path.offer.0").click().run()
    assert store.issue(ME, issue.id).path and "save.where" in keys(app)  # what was written can still be read
    assert "各业务都一样" not in told(at_step(app, "why"))  # but the path says it now


def test_each_step_says_what_the_others_came_to(open_page: OpenPage, store: Store, traced: Trace) -> None:
    store.save_issue(ME, replace(traced.issue, notes="Talked through\non Monday"))
    app = open_page("trace", lang="en", issue=traced.issue.id)
    chain, remedy = " ← ".join(WHYS), f"**{EN.text('workshop.stage.solution')}** {WRITTEN['action']}"
    said = {step: told(at_step(app, step)) for step in STEPS}
    assert {step: chain in text for step, text in said.items()} == {"data_problem": True, "where": True, "why": False}
    assert all(remedy in text for text in said.values())
    assert {step: "Talked through  \non Monday" in text for step, text in said.items()} == {
        "data_problem": False, "where": True, "why": True
    }  # fmt: skip


def test_another_pin_may_become_the_data_problem(open_page: OpenPage, store: Store, traced: Trace, drop: Pin) -> None:
    other = store.pin(ME, traced.issue.id, replace(drop, id="other"))
    app = at_step(open_page("trace", lang="en", issue=traced.issue.id), "data_problem")
    assert app.selectbox(key=f"problem.origin.{traced.issue.id}").options != []
    button(app, "problem.set").click().run()
    issue = store.issue(ME, traced.issue.id)
    assert (issue.origin, issue.path, issue.branches) == (other.id, (), (PATH,)) and not app.exception


@pytest.mark.parametrize("words", [EN, ZH])
def test_the_history_names_fields_that_are_asked_no_more(
    words: Catalogue, open_page: OpenPage, store: Store, traced: Trace
) -> None:
    entry = {"at": datetime(2026, 11, 2, 8, tzinfo=UTC), "who": "Li", "who_id": "li", "action": "saved",
             "kind": "issue", "subject_id": traced.issue.id, "subject": "3G", "issue_id": traced.issue.id,
             "before": dict.fromkeys(BEFORE, ""), "after": {name: f"*{name}*" for name in BEFORE}}  # fmt: skip
    with store.engine.begin() as connection:
        connection.execute(insert(tables.audit), entry)
    app = open_page("trace", lang=words.language, issue=traced.issue.id)
    app.session_state[f"history.{traced.issue.id}"] = True
    shown = told(app.run())
    names = [
        words.text(f"workshop.{key}") for key in ("field.description", *(f"stage.{name}" for name in BEFORE[1:]))
    ]
    assert [name for name in names if name not in shown] == [] and shown.count(r"\*where\*") == 1
    assert not app.exception


@pytest.mark.parametrize(
    ("tree", "chain"),
    [
        ((("a", "", H), ("b", "a", H), ("c", "", S)), "c"),
        ((("a", "", H), ("b", "a", H), ("c", "b", R)), "ab"),
        ((("a", "", S), ("b", "a", S), ("c", "b", H)), "ab"),
        ((("a", "", R), ("b", "a", S)), ""),
        ((), ""),
    ],
    ids=["a supported one", "not a refuted one", "the deepest supported", "below a refuted one", "none"],
)
def test_the_deepest_why_that_stands(tree: tuple[tuple[str, str, WhyStatus], ...], chain: str) -> None:
    made = [Why(issue_id="i", id=id, statement=id, parent_id=above, status=status, level=CauseLevel.ROOT)
            for id, above, status in tree]  # fmt: skip
    assert "".join(why.id for why in deepest(made)) == chain
