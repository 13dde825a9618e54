"""The rows behind a number are asked as everything else is: with a way to stop them, and once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import streamlit as st

from data_access.statement import Unreachable
from data_access.warehouse import Warehouse
from pages.frame import open_data, running
from pages.frame.answers import Answers
from pages.words.catalogue import Catalogue
from tests.pages.conftest import OpenPage, seen

WORDS = Catalogue.load("en")


@pytest.fixture(autouse=True)
def _nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_data, "ROWS", Answers[Any](kept_s=60, most=9))


def test_rows_that_take_long_can_be_stopped(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    offered, rows, button = threading.Event(), Warehouse.rows, st.button

    def slow(self: Warehouse, *given: Any, **named: Any) -> Any:
        assert offered.wait(30), "nobody who waits can stop"
        return rows(self, *given, **named)

    def shown(label: str, **more: Any) -> bool:
        if label == WORDS.text("running.stop"):
            offered.set()
        return button(label, **more)

    app = open_page("overview", lang="en")
    tables = len(app.dataframe)
    monkeypatch.setattr(Warehouse, "rows", slow)
    monkeypatch.setattr(running, "PATIENCE_S", 0.1)
    monkeypatch.setattr(st, "button", shown)
    app.session_state["rows.overview"] = True
    app.run()
    assert offered.is_set() and len(app.dataframe) == tables + 1 and not app.exception and not app.warning


def test_rows_that_take_too_long_are_one_sentence(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def too_slow(self: Warehouse, *_: Any, **__: Any) -> None:
        asked.append(self)
        raise Unreachable("warehouse.too_slow", seconds=30)

    app = open_page("overview", lang="en")
    monkeypatch.setattr(Warehouse, "rows", too_slow)
    app.session_state["rows.overview"] = True
    for _ in range(2):  # a failure is kept for some seconds
        assert app.run().warning[0].value == WORDS.text("warehouse.too_slow", seconds=30)
        assert app.metric or "response rate" in seen(app), "the rest of the page stands"
    assert len(asked) == 1
