"""The address bar: a link speaks once, hands win, nothing of a link is lost or widened in silence."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.slow  # every test runs a page

PAGE = """
import streamlit as st
from pages.frame import address

address.arrive()
address.speak({"column_3": "业务"})
address.take("colour", "colour", lambda values: values[0] if values[0] in ("red", "blue") else None)
st.session_state.setdefault("colour", "red")
st.selectbox("Colour", ["red", "blue"], key="colour")
address.write("colour", st.session_state["colour"])
address.write("empty")
if st.session_state.get("broken"):
    address.keep()
else:
    address.take("size", "size", lambda values: values[0])
    st.session_state.setdefault("size", "s")
    address.write("size", st.session_state["size"])
for statement in address.notes():
    st.caption(f"{statement.key} {dict(statement.values)}")
st.text(address.link())
address.publish()
"""


def page(**asked: str | list[str]) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=30)
    app.query_params.update(asked)
    app.context["url"] = "http://localhost:8501/overview"
    return app.run()


def notes(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def test_defaults_are_written() -> None:
    app = page()
    assert app.query_params == {"colour": "red", "size": "s"}
    assert app.text[0].value == "http://localhost:8501/overview?colour=red&size=s"
    assert not notes(app)


def test_a_link_is_taken_over() -> None:
    app = page(colour="blue", size="l")
    assert app.selectbox(key="colour").value == "blue"
    assert app.query_params == {"colour": "blue", "size": "l"} and not notes(app)
    spoken = page(size="column_3")
    assert spoken.query_params["size"] == "业务", "a code that says nothing is written by its label"
    assert "column_3" not in spoken.text[0].value


def test_a_link_speaks_once() -> None:
    app = page(colour="blue")
    app.selectbox(key="colour").set_value("red").run()
    assert app.query_params["colour"] == "red"
    app.run()
    assert app.selectbox(key="colour").value == "red"


def test_an_address_changed_by_hand_speaks_again() -> None:
    app = page(colour="blue")
    app.query_params["colour"] = "red"
    app.run()
    assert app.selectbox(key="colour").value == "red"


def test_what_cannot_be_used_is_dropped_and_noted() -> None:
    app = page(colour="green", taste="x" * 99, embed="true")
    assert app.query_params == {"colour": "red", "size": "s", "embed": "true"}  # that one is the browser's
    dropped, unknown = notes(app)
    assert dropped == "link.dropped {'name': 'colour', 'value': 'green'}"
    assert unknown == "link.unknown {'name': 'taste'}"
    app.run()
    assert not notes(app)


def test_trouble_keeps_what_was_not_asked_for() -> None:
    app = AppTest.from_string(PAGE, default_timeout=30)
    app.query_params.update({"colour": "blue", "size": "l", "taste": "sour"})
    app.session_state["broken"] = True
    app.run()
    assert app.query_params == {"colour": "blue", "size": "l", "taste": "sour"} and not notes(app)
    app.selectbox(key="colour").set_value("red").run()
    assert app.query_params == {"colour": "red", "size": "l", "taste": "sour"} and not notes(app)
    app.session_state["broken"] = False
    app.run()
    assert app.query_params == {"colour": "red", "size": "l"}
    assert notes(app) == ["link.unknown {'name': 'taste'}"]
