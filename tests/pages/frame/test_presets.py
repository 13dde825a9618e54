"""Touchpoints over the page's question: one click narrows, in the filter's own place in session and link."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.selection import Filter

pytestmark = pytest.mark.slow  # every test draws the sidebar

MODEL = """
table = "calls"
score = { column = "score", scale = [1, 10] }
[dimensions]
team = { column = "team" }
city = { column = "city" }
tier = { column = "tier" }
"""
TOUCHPOINT = 'touchpoint = { column = "touchpoint" }\n'
PAGE = """
import streamlit as st
from data_access.access import Scope
from data_access.model_file import parse_model
from data_access.selection import Filter
from data_access.taxonomy import load_taxonomy
from pages.frame import address, presets, sidebar
from pages.words.catalogue import Catalogue
from pages.words.names import Names

address.arrive()
words, taxonomy, model = Catalogue.load(sidebar.choose_language()), load_taxonomy(), parse_model(MODEL_TEXT)
members = lambda name: ["handover", "odd", "bot_text", "enquiry_call", None]
names, scope = Names(model, taxonomy, words, {}), Scope(SCOPE)
st.session_state["chosen"] = sidebar.choose_selection(
    model, None, members=members, names=names, words=words, scope=scope, page="overview"
)
presets.show(model, members=members, words=words, taxonomy=taxonomy, scope=scope, of_records=False)
address.publish()
"""


def page(model: str = MODEL + TOUCHPOINT, scope: tuple[Filter, ...] = (), **asked: str | list[str]) -> AppTest:
    app = AppTest.from_string(f"from data_access.selection import Filter\nMODEL_TEXT, SCOPE = {model!r}, {scope!r}\n"
                              + PAGE, default_timeout=30)  # fmt: skip
    app.query_params.update(asked)
    return app.run()


def row(app: AppTest) -> Any:
    return app.get("button_group")


def asked(app: AppTest) -> tuple[Filter, ...]:
    assert not app.exception
    found: tuple[Filter, ...] = app.session_state["chosen"].filters
    return found


def click(app: AppTest, code: str) -> None:
    """One touch of a touchpoint, which marks it too, or ends its mark."""
    (pills,) = [group for group in row(app) if group.key == "presets.row"]
    now = list(pills.value)
    pills.set_value([c for c in now if c != code] if code in now else [*now, code]).run()


def test_one_click_narrows_the_page_and_another_takes_its_place() -> None:
    app = page()
    click(app, "bot_text")
    assert asked(app) == (Filter("touchpoint", ("bot_text",)),)
    assert app.query_params["touchpoint"] == "bot_text"
    click(app, "enquiry_call")
    assert asked(app) == (Filter("touchpoint", ("enquiry_call",)),)
    click(app, "enquiry_call")
    assert asked(app) == ()
    assert "touchpoint" not in app.query_params


def test_a_link_and_the_sidebar_mark_several_and_all_clears_them() -> None:
    app = page(touchpoint=["bot_text", "handover"])
    assert app.session_state["presets.row"] == ["bot_text", "handover"]
    click(app, "*all*")
    assert asked(app) == ()
    assert app.session_state["presets.row"] == ["*all*"]


def test_touchpoints_stand_in_the_order_of_their_list() -> None:
    (pills,) = [group for group in row(page(lang="en")) if group.key == "presets.row"]
    assert [option.content for option in pills.proto.options] == [
        "All", "enquiry_call", "bot_text", "handover", "odd",
    ]  # fmt: skip


def test_only_touchpoints_of_the_scope_are_offered() -> None:
    (pills,) = [group for group in row(page(scope=(Filter("touchpoint", ("odd", "bot_text")),), lang="en"))
                if group.key == "presets.row"]  # fmt: skip
    assert [option.content for option in pills.proto.options] == ["All", "bot_text", "odd"]


def test_data_without_touchpoints_have_no_such_row() -> None:
    assert not [group for group in row(page(MODEL)) if group.key == "presets.row"]
