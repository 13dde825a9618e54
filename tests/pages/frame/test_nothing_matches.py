"""Where nothing matches, a button goes to the nearest selection that holds answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from data_access.selection import Period
from pages.words.catalogue import Catalogue, texts
from tests.pages.conftest import OpenPage, in_turn

FILTERS = {"business": "iot", "sub_type": "5g_bill"}  # no contact is of both
CASES: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, str | None], str, Period | None]] = {
    # page, what is asked, what the address says after the click, and which button with which period in it
    "a time without data": (
        "contribution",
        {"from": "2027-03-01", "to": "2027-04-01", "business": "mobile_5g"},
        {"from": "2026-10-01", "to": "2026-11-01", "business": "mobile_5g", "base": "previous"},
        "period",
        Period(date(2026, 10, 1), date(2026, 11, 1)),
    ),
    "own days without data": (
        "overview",
        {"from": "2027-03-03", "to": "2027-03-05", "base": "year"},
        {"from": "2026-10-30", "to": "2026-11-01", "base": "year"},
        "period",
        Period(date(2026, 10, 30), date(2026, 11, 1)),
    ),
    "filters that exclude each other": (
        "overview",
        {**FILTERS, "from": "2026-10-01", "to": "2026-11-01"},
        {"from": "2026-10-01", "sub_type": "5g_bill", "business": None},
        "without",
        None,
    ),
    "a baseline without data": (
        "change",
        {"from": "2026-10-01", "to": "2026-11-01", "base": "own", "base_from": "2027-01-01", "base_to": "2027-02-01"},
        {"from": "2026-10-01", "base": "previous"},
        "baseline",
        Period(date(2026, 9, 1), date(2026, 10, 1)),
    ),
}


@pytest.mark.parametrize(("case", "language"), in_turn(CASES))
def test_a_button_goes_to_numbers(case: str, language: str, open_page: OpenPage) -> None:
    page, asked, found, change, period = CASES[case]
    words = Catalogue.load(language)
    app = open_page(page, lang=language, **asked)
    assert len(app.warning) == 1 and not app.get("plotly_chart")
    button = app.button(key="nearest")
    said = texts(language)[f"nearest.{change}"].split("{")[0]
    shown = said + (words.show(period, "period") if period else "")
    assert button.label.replace(" ", "").startswith(shown.replace(" ", ""))  # Chinese stands apart from numbers
    button.click().run()
    assert not app.warning and not app.exception and len(app.get("plotly_chart")) >= 1
    assert {name: app.query_params.get(name) for name in found} == found
    assert "nearest" not in {b.key for b in app.button}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_first_month_leads_to_what_needs_no_comparison(language: str, open_page: OpenPage) -> None:
    app = open_page("change", lang=language, **{"from": "2025-10-01", "to": "2025-11-01"}, base="previous")
    said = Catalogue.load(language).text(
        "nearest.nothing_earlier", period=Period(date(2025, 10, 1), date(2025, 11, 1))
    )
    assert [info.value for info in app.info] == [said] and not app.warning and not app.exception
    assert [link.page for link in app.get("page_link")] == ["contribution"]
    app.button(key="halves").click().run()
    assert not app.info and not app.exception and app.get("plotly_chart")
    asked = {"from": "2025-10-18", "to": "2025-11-01", "base": "previous"}
    assert {name: app.query_params.get(name) for name in asked} == asked
