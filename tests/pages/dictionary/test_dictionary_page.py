"""The page of the dictionary: a search, an entry by its link, and a corrected level that everything follows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.conftest import EACH_LANGUAGE, OpenPage, seen

ADMIN: dict[str, Any] = {"sub": "wang", "name": "Wang", "satrace_roles": ["admin"]}
READER: dict[str, Any] = {"sub": "li", "name": "Li", "satrace_roles": ["viewer"]}


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_an_entry_is_opened_by_its_link_and_others_are_found(language: str, open_page: OpenPage) -> None:
    app = open_page("dictionary", term="fcr_48", lang=language)
    assert not app.exception
    assert any(shown.value.startswith("## ") and "48" in shown.value for shown in app.markdown)
    app.text_input(key="option.dictionary.search").set_value("控制图").run()
    assert not app.exception
    assert ("控制图" if language == "zh-CN" else "Control chart") in seen(app)


def test_a_corrected_level_holds_for_everybody_and_is_taken_back(open_page: OpenPage) -> None:
    app = open_page("dictionary", claims=ADMIN, lang="en")
    _correct(app, "handover_wait", "ordinal", "")
    assert "Say why" in seen(app)
    _correct(app, "region", "interval", "coded")
    assert "cannot be averaged" in seen(app)
    _correct(app, "concurrency", "nominal", "A code")
    assert not app.exception and "A code" in seen(app)
    other = open_page("contribution", claims=READER, by="concurrency", lang="en")
    assert not other.exception and "concurrency" in other.session_state["option.contribution.by"]
    again = open_page("dictionary", claims=ADMIN, lang="en")
    _correct(again, "concurrency", "interval", "It is a count after all")
    assert "after all" in seen(again)
    assert not again.exception
    gone = open_page("contribution", claims=READER, by="concurrency", lang="en")
    assert "concurrency" not in gone.session_state["option.contribution.by"]


def test_a_reader_sees_levels_and_corrects_none(open_page: OpenPage) -> None:
    app = open_page("dictionary", claims=READER, lang="en")
    assert "An instructor or admin can correct them" in seen(app)
    assert not [button for button in app.button if button.key == "levels.save"]


def _correct(app: Any, name: str, level: str, reason: str) -> None:
    app.selectbox(key="levels.name").set_value(name)
    app.selectbox(key="levels.level").set_value(level)
    app.text_input(key="levels.reason").set_value(reason)
    app.button(key="levels.save").click().run()
