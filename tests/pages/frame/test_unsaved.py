"""A sign-in that grew too old loses nothing: the new one finds what was typed, chosen and read."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest

from pages.words.catalogue import texts
from tests.pages.conftest import OpenPage
from tests.pages.data.test_data import hotline, upload

LI, WANG = {"sub": "li"}, {"sub": "wang"}


def grown_old(app: AppTest) -> AppTest:
    """The next run of a session whose sign-in is nine hours old."""
    app.user = {**app.user, "iat": time.time() - 9 * 3600}
    app.run()
    assert texts("en")["access.too_old"].split("{")[0] in app.warning[0].value
    return app.run()  # whatever is pressed then


def test_what_was_typed_waits_for_its_author(open_page: OpenPage) -> None:
    app = open_page("workshop", claims=LI, lang="en")
    app.text_input(key="issue.create.title").set_value("Billing in the south")
    next(b for b in app.button if b.key == "issue.create.save").click()  # too late
    assert not grown_old(app).text_input
    assert open_page("workshop", claims=WANG, lang="en").text_input(key="issue.create.title").value == ""
    again = open_page("workshop", claims=LI, lang="en")
    assert again.text_input(key="issue.create.title").value == "Billing in the south"
    later = open_page("workshop", claims=LI, lang="en")  # it is a draft now, until it is saved
    assert later.text_input(key="issue.create.title").value == "Billing in the south"
    later.button(key="issue.create.save").click().run()
    assert open_page("workshop", claims=LI, lang="en", issue="none").text_input(key="issue.create.title").value == ""


def test_a_file_on_its_way_waits_with_its_corrections(open_page: OpenPage) -> None:
    app = upload(open_page("data", claims=LI, lang="en"), hotline())
    app.text_input(key="import.name").set_value("South")
    app.number_input(key="import.satisfied").set_value(8).run()
    grown_old(app)
    again = open_page("data", claims=LI, lang="en")
    assert again.text_input(key="import.name").value == "South"
    assert again.number_input(key="import.satisfied").value == 8
    again.button(key="import.use").click().run()
    assert again.query_params["data"] != "default" and not again.exception and not again.error


def test_what_is_pressed_with_a_sign_in_that_just_grew_too_old_is_not_done(open_page: OpenPage) -> None:
    app = upload(open_page("data", claims=LI, lang="en"), hotline())
    app.user = {**app.user, "iat": time.time() - 9 * 3600}
    app.button(key="import.use").click().run()
    again = open_page("data", claims=LI, lang="en")
    assert not again.exception and not again.error
    assert again.query_params["data"] == "default", "the file was made a data set by a stranger"
    again.button(key="import.use").click().run()
    assert again.query_params["data"] != "default"
