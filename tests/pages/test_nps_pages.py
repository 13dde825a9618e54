"""A Net Promoter Score on every page, in both languages: in its own words and on its own scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.words.catalogue import Catalogue

from .conftest import EACH_LANGUAGE, MODEL, OpenPage, in_turn, seen
from .test_pages import PAGES, check

ASKED = {  # what brings out the parts of a page that speak of the metric
    "contribution": {"by": "business", "depth": "advanced", "target": "-40"},
    "change": {"by": "business", "depth": "advanced"},
    "contrast": {"by": "business", "depth": "advanced", "against": "-40", "ask": "target"},
    "drivers": {"depth": "advanced"},
    "overview": {"depth": "advanced"},
}


@pytest.fixture
def open_nps(open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """The sample with its score, 1 to 10, read as answers to "would you recommend us"."""
    text = MODEL.read_text("utf-8")
    asked = text.replace('formula = "mean_of_max", satisfied_from = 9, dissatisfied_to = 6', 'formula = "nps"')
    assert asked != text
    model = tmp_path / "nps.toml"
    model.write_text(asked, encoding="utf-8")
    monkeypatch.setenv("SATRACE_MODEL", str(model))
    return open_page


@pytest.mark.parametrize(("page", "language"), in_turn(PAGES))
def test_a_page_shows_a_net_promoter_score(page: str, language: str, open_nps: OpenPage) -> None:
    text = check(open_nps(page, lang=language, **ASKED.get(page, {})), language, page)
    if page in ASKED:
        assert "NPS" in text


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_what_goes_with_a_net_promoter_score(language: str, open_nps: OpenPage) -> None:
    """A pair: the answers are -100, 0 or 100 there."""
    app = open_nps("correlation", lang=language, x="handling", y="score", depth="advanced")
    assert not app.exception and not app.error
    assert Catalogue.load(language).text("formula.nps") in seen(app) and "nan" not in seen(app).split()


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_the_overview_says_who_promotes_and_who_detracts(language: str, open_nps: OpenPage) -> None:
    words = Catalogue.load(language)
    app = open_nps("overview", lang=language)
    value = float(app.metric[0].value.split(":")[0].replace("−", "-"))
    lead = words.text("overview.ends.nps", promoters_rate=11.1, detractors_rate=22.2).split("11.1")[0].strip()
    assert -100 < value < 100 and (lead or "promoters") in seen(app)
    assert app.metric[0].value.endswith("NPS]]")


def test_a_target_below_nought_is_taken(open_nps: OpenPage) -> None:
    app = open_nps("contribution", lang="en", by="business", depth="advanced", target="-40")
    target = next(field for field in app.number_input if field.label == "Target, NPS")
    assert (target.value, target.min, target.max) == (-40.0, -100.0, 100.0)
    assert "NPS −40.0" in seen(app)
