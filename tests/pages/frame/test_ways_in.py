"""Who may come in by several sign-in services chooses one, by a name that they know, in either language."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.words.catalogue import Catalogue
from tests.pages.conftest import ROOT, OpenPage

LIMITS = {"satrace_roles": ["viewer"], "satrace_scope": "*"}
AUTH = {
    "main": {"client_id": "a", "satrace_title": {"en": "Our staff", "zh-CN": "本公司员工"}, **LIMITS},
    "partner": {"client_id": "b", "satrace_title": "*Partner*", **LIMITS},
}


def signed_out(language: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["lang"] = language
    app.secrets, app.user = {"auth": AUTH}, {"is_logged_in": False}
    return app.run()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_one_of_two_is_chosen(open_page: OpenPage, language: str) -> None:
    words, app = Catalogue.load(language), signed_out(language)
    assert not app.exception
    titles = ["本公司员工" if language == "zh-CN" else "Our staff", r"\*Partner\*"]
    assert [button.label for button in app.button] == [words.text("sign_in.with", provider=one) for one in titles]


def test_nobody_comes_in_by_one_that_is_not_there(open_page: OpenPage) -> None:
    app = open_page("overview", lang="en", claims={"provider": "partner"})
    assert [one.value for one in app.warning] == [Catalogue.load("en").text("access.no_provider")]
    assert not app.exception and not app.dataframe and [one.key for one in app.button] == ["sign_in", "sign_out"]
