"""In the copy: link, pin, Excel, CSV and both languages work for the analysis that was added."""

from __future__ import annotations

import io
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pandas as pd
import pytest
from streamlit.util import calc_hash

from data_access.access import local_analyst
from data_access.workshop.store import open_store
from pages.report import pinning
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.links import RESERVED, parameter
from tests.pages.conftest import OpenPage, seen
from tests.pages.report.test_same_numbers import Downloads, downloads

__all__ = ["downloads"]  # a fixture
OCTOBER = {"from": "2026-10-01", "to": "2026-11-01", "base": "previous"}
LANGUAGES = ("en", "zh-CN")


@pytest.fixture(scope="session")
def sample() -> Path:
    return Path(os.environ["TOY_SAMPLE"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language(language: str, open_page: OpenPage) -> None:
    words = Catalogue.load(language)
    app = open_page("toy", lang=language, depth="intermediate", by="business", **OCTOBER)
    assert not app.exception and not app.warning and not app.error
    assert [t.value for t in app.title] == [words.text("toy.question")]
    titles = [spaced(title) for title in app.dataframe[0].value.columns]
    assert words.text("column.size") in titles and len(titles) == 5
    others = [Catalogue.load(other) for other in LANGUAGES if other != language]
    assert not any(other.text(key) in seen(app) for other in others for key in ("toy.question", "column.size"))


def test_its_link_opens_the_same_view_and_takes_no_filter(open_page: OpenPage) -> None:
    assert "tier" in RESERVED and parameter("tier") == "f.tier"
    app = open_page("toy", lang="en", by="business", tier="250", **{"f.tier": "gold"}, **OCTOBER)
    assert app.number_input[0].value == 250.0 and app.multiselect(key="filter.tier").value == ["gold"]
    again = open_page("toy", **app.query_params)
    assert again.query_params == app.query_params and not again.toast
    other = open_page("overview", lang="en", tier="gold", **OCTOBER)  # a link from before the analysis was added
    assert other.multiselect(key="filter.tier").value == ["gold"] and not other.toast


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_files(language: str, open_page: OpenPage, downloads: Downloads) -> None:
    words = Catalogue.load(language)
    app = open_page("toy", lang=language, by="business", tier="1000", depth="advanced", **OCTOBER)
    drawn = app.dataframe[0].value
    book = openpyxl.load_workbook(io.BytesIO(downloads["satrace-toy-business.xlsx"]()))
    assert book.sheetnames[1:] == [words.text("page.toy"), words.text("toy_page.part.small")]
    assert book.worksheets[0]["B1"].value == words.text("toy.question")
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    file = pd.read_csv(io.BytesIO(downloads["satrace-toy-business.csv"]()), encoding="utf-8-sig")
    assert [row[2] for row in rows] == file.iloc[:, 2].tolist() == drawn.iloc[:, 2].tolist()
    assert words.text("toy.size.small") in file.iloc[:, -1].tolist()


def test_its_pin_is_shown_asked_again_and_opened(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("toy", lang="en", by="business", tier="250", **OCTOBER)
    next(b for b in page.button if b.form_id == "pin.toy").click().run()
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    (issue,) = store.issues(me)
    (pin,) = store.pins(me, issue.id)
    workshop = open_page("workshop", lang="zh-CN", issue=issue.id)
    card = next(t.value for t in workshop.table if Catalogue.load("zh-CN").text("column.n") in t.value.columns)
    assert len(card.columns) == 3
    next(b for b in workshop.button if b.key == f"pin.check.{pin.id}").click().run()
    assert Catalogue.load("zh-CN").text("workshop.check.holds") in [s.value for s in workshop.success]
    link = urlsplit(pinning.link_to(pin, "zh-CN"))
    asked = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert link.path == "toy" and asked["tier"] == "250" and asked["by"] == "business"
    page._page_hash = calc_hash("toy")
    opened = open_page(link.path, **asked)
    assert opened.number_input[0].value == 250.0 and not opened.toast
