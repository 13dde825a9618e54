"""What a manager reads first: what, since, why and who with a way on, and no number where there is none."""

from __future__ import annotations

import pytest

from pages.words.catalogue import Catalogue, texts
from pages.words.format import spaced
from tests.pages.conftest import OpenPage, seen

FEW = {"region": "central", "team": "team_20", "tier": "basic"}  # eight answers of the small sample


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_first_screen_names_the_cause_and_leads_on(language: str, open_page: OpenPage) -> None:
    app, words = open_page("overview", lang=language), Catalogue.load(language)
    assert not app.exception and not app.error
    text = seen(app)
    for word in ("what", "since", "why", "who"):
        assert words.text(f"leading_cause.word.{word}") in text
    assert "BR-2026-113" in text and words.text("leading_cause.grade.shown") in text
    (start,) = (button for button in app.button if button.key == "remedy.start")
    assert start.label == words.text("overview.start")
    for title in ("suspects.question", "page.worth_knowing"):
        assert words.text(title) in text
    assert spaced(texts(language)["overview.reach"].split("}")[-1]) in text
    links = [link.proto.label for link in app.get("page_link")]
    assert words.text("overview.to_alike") in links, "what only looks bad is named as such"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_score_of_too_few_answers_shows_no_number(language: str, open_page: OpenPage) -> None:
    app, words = open_page("overview", lang=language, **FEW), Catalogue.load(language)
    assert not app.exception and not app.metric and not app.get("plotly_chart")
    assert spaced(words.text("overview.withheld", responses=8, least=10)) in seen(app)
    assert words.text("overview.interval", low=1.0, high=2.0, unit="points").split("1.0")[0] not in seen(app)
    labels = [link.proto.label for link in app.get("page_link")]
    assert {words.text("overview.all_data"), words.text("overview.to_data")} <= set(labels)


def test_where_nothing_is_beyond_chance_the_page_says_what_would_be_and_leads_on(open_page: OpenPage) -> None:
    words = Catalogue.load("en")
    app = open_page("overview", lang="en", **{"from": "2026-05-01", "to": "2026-06-01", "business": "iot"})
    assert not app.exception and words.text("leading_cause.nothing", candidates=2).split("2")[0] in seen(app)
    assert words.text("contribution.question") in [link.proto.label for link in app.get("page_link")]
    assert not [button for button in app.button if button.key == "remedy.start"]


def test_a_mark_of_the_strip_opens_what_is_behind_it(open_page: OpenPage) -> None:
    app = open_page("overview", lang="en", depth="intermediate", mark="touchpoint:complaint")
    panel = seen(app)
    assert app.query_params["mark"] == "touchpoint:complaint"
    assert Catalogue.load("en").text("panel.score", score=75.3, unit="points")[-6:] in panel
    assert {"panel.drill", "panel.filter", "panel.close"} <= {button.key for button in app.button}
