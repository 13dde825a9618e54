"""The table and an open trace at each of its steps: everything open, all in one language, nothing that went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from streamlit.testing.v1 import AppTest

from data_access.workshop.records import Basis
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue, texts
from tests.pages.checks import KEYS, LATIN
from tests.pages.conftest import EACH_LANGUAGE, OpenPage, seen
from tests.pages.explain.trace.conftest import ME, WHYS, WRITTEN, at_step, button, marking

STEPS = ("data_problem", "where", "why")
NUMBERED = {"BR", "REL", "TR"}  # rules, releases and traces have numbers, not names
CJK = re.compile("[一-鿿]+")


def sound(app: AppTest) -> str:
    """All of a page's text, once it is known to be text only."""
    text = seen(app)
    assert not app.exception and not app.error and not app.warning
    assert "Traceback" not in text and "NaN" not in text and not {"nan", "None"} & set(text.split())
    assert not set(re.findall(r"\w+(?:\.\w+)+", text)) & KEYS
    assert not re.findall(r"\{[a-z_]+(?::[a-z_]*)?\}", text)
    return text


def foreign(text: str, language: str, known: Iterable[str]) -> set[str]:
    """Words of the other language that neither a person wrote nor both languages share."""
    for said in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(said, " ")
    if language == "en":
        return set(CJK.findall(text.replace("简体中文", " ")))
    return set(re.findall(r"[A-Za-z_]{2,}", text)) - LATIN - NUMBERED


def written(app: AppTest, language: str) -> list[str]:
    """What customers and the people of a trace wrote."""
    head = texts(language)["trace_page.contact.comment"]
    comments = [str(said) for f in app.dataframe if head in f.value for said in f.value[head]]
    return [*comments, *WRITTEN.values(), *WHYS]


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_a_trace_is_all_in_one_language(language: str, open_page: OpenPage, traced: Trace) -> None:
    words, issue = Catalogue.load(language), traced.issue
    app = open_page("trace", lang=language, issue=issue.id)
    app.session_state[f"history.{issue.id}"] = True
    for step in STEPS:
        text = sound(at_step(app, step))
        assert foreign(text, language, written(app, language)) == set(), step
    app.session_state[f"page.why.{issue.id}"] = traced.whys[-1].id
    app.session_state[f"naming.{issue.id}"] = True
    text = sound(marking(app, 0))
    assert foreign(text, language, written(app, language)) == set()
    for key in ("gaps", "types", "listen", "ask_again", "attach"):
        assert words.text(f"trace_page.{key}") in text


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_the_calendar_and_the_other_ways_are_all_in_one_language(
    language: str, open_page: OpenPage, traced: Trace
) -> None:
    app = open_page("trace", lang=language, issue=traced.issue.id)
    app.session_state["option.trace.when"] = "timeline"
    app.session_state["how.trace"] = True
    text = sound(at_step(app, "where"))
    assert foreign(text, language, written(app, language)) == set()
    assert Catalogue.load(language).text("trace_page.change_of") in text


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_the_table_is_all_in_one_language(language: str, open_page: OpenPage, store: Store, traced: Trace) -> None:
    reason = "录音里客户要求退费"
    store.create_issue(ME, WRITTEN["cause"], basis=Basis.RECORDING, basis_reason=reason)
    app = open_page("trace", lang=language)
    app.session_state["briefs"] = True
    text, words = sound(app.run()), Catalogue.load(language)
    known = [*written(app, language), reason]
    assert foreign(text, language, known) == set()
    brief = "\n".join(code.value for code in app.code)
    assert WRITTEN["action"] in brief and foreign(re.sub(r"\S*\?issue=\S+", "", brief), language, known) == set()
    assert words.text("trace_page.summary", count=2) in text
    assert reason in text and words.text("workshop.basis.recording") in text


def test_an_empty_table_says_how_to_begin(open_page: OpenPage) -> None:
    app = open_page("trace", lang="en")
    assert [i.value for i in app.info] == [Catalogue.load("en").text("trace_page.empty")]
    app.selectbox(key="issue.create.basis").set_value("recording")
    button(app, "issue.create.save").click().run()
    blank = Catalogue.load("en").text("workshop.form.blank", field=texts("en")["workshop.field.title"])
    assert [e.value for e in app.error] == [blank]
