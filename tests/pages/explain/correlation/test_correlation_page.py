"""The correlation page: both languages, every depth, any link, and the numbers of every other way out."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pandas as pd
import pytest

from data_access.access import local_analyst
from data_access.workshop.store import open_store
from pages.report import pinning
from pages.words.catalogue import texts
from pages.words.format import spaced
from tests.pages.checks import LATIN, check
from tests.pages.conftest import EACH_LANGUAGE, Downloads, OpenPage, file_of, in_both, seen
from tests.pages.report.numbers import EN, OCTOBER, asked, first_sheet, same

COEFFICIENTS = {"eta", "phi", "tau", "Kendall", "Pearson", "Spearman", "Cramér", "epsilon"}
CASES: Mapping[str, Mapping[str, Any]] = {
    "everything": {"from": "all", "base": "none"},
    "one filter": {"business": "mobile_5g", **OCTOBER},
    "chosen columns": {"columns": ["score", "wait", "business", "tier"], "x": "wait", "y": "score", **OCTOBER},
    "the bot": {"preset": "bot", **OCTOBER},
    "team by team": {"preset": "employees", **OCTOBER},
    "day by day": {"preset": "queue_days", "from": "all"},
    "shares": {"columns": ["score", "tier", "channel"], "x": "tier", "y": "channel", "within": "business", **OCTOBER},
    "dots": {
        "columns": ["wait", "handling", "score"],
        "x": "wait",
        "y": "handling",
        "within": "touchpoint",
        **OCTOBER,
    },
    "a rate": {"metric": "resolved", **OCTOBER},
}

OF_SEGMENTS = ("chosen columns", "team by team", "shares", "dots")
SILENT = ("pair.boxes", "pair.shares")  # groups by a column that is no dimension: no filter stands for them


@pytest.mark.parametrize(("case", "language"), in_both(CASES))
def test_a_case_in_a_language(case: str, language: str, open_page: OpenPage) -> None:
    app = open_page("correlation", lang=language, depth="advanced", **CASES[case])
    text = check(app, language, "association", silent=() if case in OF_SEGMENTS else SILENT)
    assert [w.value for w in app.warning] == [] and not app.toast
    assert len(app.get("plotly_chart")) >= 2 and len(app.dataframe) >= 2
    captions = " ".join(caption.value for caption in app.caption)
    assert texts(language)["association.not_cause"] in captions and texts(language)["pair.not_cause"] in captions
    if language == "zh-CN":
        assert set(re.findall(r"[A-Za-zé_]{2,}", text)) <= LATIN | COEFFICIENTS


def test_a_depth_changes_how_much_is_shown_and_no_number(open_page: OpenPage) -> None:
    found, tables = [], []
    for depth in ("basic", "intermediate", "advanced"):
        app = open_page("correlation", lang="en", depth=depth, x="handling", y="score", **OCTOBER)
        found.append([m.value for m in app.markdown if m.value.startswith("## ")][:2])
        tables.append(len(app.dataframe))
        assert (app.query_params["x"], app.query_params["y"]) == ("handling", "score")
    assert found[0] == found[1] == found[2]
    assert tables[0] == 0 < tables[1] < tables[2]


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_basic_shows_what_goes_with_the_metric_and_one_next_step(language: str, open_page: OpenPage) -> None:
    app = open_page("correlation", lang=language, **OCTOBER)
    assert len(app.get("plotly_chart")) == 1 and not app.dataframe
    (drawn,) = app.get("plotly_chart")
    labels = {note["text"] for note in json.loads(drawn.proto.spec)["layout"]["annotations"]}
    business, sub_type = {"en": ("Business", "Business sub-type"), "zh-CN": ("业务", "业务子类")}[language]
    assert sub_type in labels and business not in labels, "what a column divides up stands in it already"
    app.button(key="pair.closely").click().run()
    assert len(app.get("plotly_chart")) >= 2 and not app.exception


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_the_common_cause_of_handling_time_is_named(language: str, open_page: OpenPage) -> None:
    app = open_page("correlation", lang=language, x="handling", y="score", **{"from": "all"})
    said = seen(app)
    touchpoint = {"en": "Touchpoint", "zh-CN": "触点"}[language]
    fades = texts(language)["pair.fades"].split("{")[0], texts(language)["pair.fades_each"].split("{")[0]
    assert any(text in said for text in fades) and touchpoint in said


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_nothing_matches(language: str, open_page: OpenPage) -> None:
    app = open_page("correlation", lang=language, business="iot", sub_type="5g_bill")
    check(app, language, "association")
    assert [w.value for w in app.warning] == [texts(language)["selection.empty"]]
    assert not app.get("plotly_chart")


def test_a_broken_link_is_mended_and_said(open_page: OpenPage) -> None:
    broken = {"columns": "joy", "preset": "none_such", "x": "mood", "of": "moon"}
    app = open_page("correlation", lang="en", depth="intermediate", **OCTOBER, **broken)
    check(app, "en", "association", silent=SILENT)
    noted = " ".join(toast.value.replace("\\", "") for toast in app.toast)
    assert [name for name in broken if name not in noted] == []
    assert not app.warning and len(app.get("plotly_chart")) >= 2


@pytest.mark.parametrize(
    "case", ["the bot", *(pytest.param(case, marks=pytest.mark.prove) for case in ("chosen columns", "team by team"))]
)  # what is pinned is opened by its address as well
def test_the_address_opens_the_same_page_again(case: str, open_page: OpenPage) -> None:
    first = open_page("correlation", lang="en", depth="advanced", **{**CASES[case], "base": "previous"})
    second = open_page("correlation", **first.query_params)
    assert second.query_params == first.query_params and not second.toast
    assert seen(second) == seen(first)


def test_large_text_draws_tables_that_grow(open_page: OpenPage) -> None:
    app = open_page("correlation", lang="zh-CN", text="large", depth="advanced", **CASES["the bot"])
    check(app, "zh-CN", "association", silent=SILENT)
    assert not app.dataframe and len(app.table) >= 4


@pytest.mark.parametrize(("case", "words"), [
    ("the bot", {"preset": "bot"}), ("team by team", {"preset": "employees"}),
    ("chosen columns", {"columns": "score,wait,business,tier"}),
])  # fmt: skip
def test_every_number_agrees(
    case: str, words: Mapping[str, str], open_page: OpenPage, sample: Path, downloads: Downloads
) -> None:
    """Page, workbook and CSV against the command line, in every cell."""
    app = open_page("correlation", lang="en", depth="advanced", **CASES[case])
    told = asked(sample, "association", words)
    shown = app.dataframe[0].value.rename(columns=spaced)
    sheet = first_sheet(file_of(downloads, EN.text("page.association"), ".xlsx")())
    csv = pd.read_csv(io.BytesIO(file_of(downloads, EN.text("page.association"), ".csv")()), encoding="utf-8-sig")
    assert len(shown) == len(told["table"]) > 0
    for title, name in _titles(shown).items():
        for row, expected in enumerate(told["table"]):
            for found in (shown, sheet.rename(columns=spaced), csv):
                assert same(found[title].iloc[row], expected[name]), (title, row)


def _titles(shown: pd.DataFrame) -> dict[str, str]:
    named = {"value": "columns.association.value", "low": "column.low", "high": "column.high", "p": "column.p",
             "p_adjusted": "columns.association.p_adjusted", "n": "columns.association.n",
             "n_effective": "column.n_effective"}  # fmt: skip
    found = {spaced(EN.text(key)): name for name, key in named.items()}
    assert set(found) <= {spaced(title) for title in shown}
    return found


def test_a_pair_agrees_with_the_command_line(open_page: OpenPage, sample: Path, downloads: Downloads) -> None:
    options = {"x": "wait", "y": "score", "within": "touchpoint"}
    app = open_page("correlation", lang="en", depth="advanced", **OCTOBER, **options)
    told = asked(sample, "pair", options)
    book = openpyxl.load_workbook(io.BytesIO(file_of(downloads, EN.text("page.pair"), ".xlsx")()), data_only=True)
    strata = next(book[name] for name in book.sheetnames if name.startswith("Does it hold in each part"))
    rows = list(strata.iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows if row[2] is not None] == pytest.approx(
        [r["value"] for r in told["parts"]["strata"]]
    )
    frames = [frame.value for frame in app.dataframe]
    partial = next(f for f in frames if f.columns[0] == EN.text("column.given"))
    assert partial[EN.text("columns.pair_part.value")].tolist() == [r["value"] for r in told["parts"]["partial"]]


@pytest.mark.parametrize(("form", "case"), [("association", "team by team"), ("pair", "chosen columns")])
def test_what_is_pinned_is_asked_again_and_opened_again(
    form: str, case: str, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("correlation", lang="en", **CASES[case])
    page.text_input(key=f"pin.title.{form}").set_value("What goes with what?")
    next(b for b in page.button if b.key == f"pin.save.{form}").click().run()
    store, me = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}"), local_analyst()
    (issue,) = store.issues(me)
    (pin,) = store.pins(me, issue.id)
    address = urlsplit(pinning.link_to(pin, "en"))
    assert address.path == "correlation" and pin.method == form
    expected = {"association": {"preset": ["employees"]}, "pair": {"x": ["wait"], "y": ["score"]}}[form]
    assert expected.items() <= parse_qs(address.query).items()
    workshop = open_page("workshop", lang="zh-CN", issue=issue.id)
    assert not workshop.exception and not workshop.warning
    next(b for b in workshop.button if b.key == f"pin.check.{pin.id}").click().run()
    assert [s.value for s in workshop.success] == [texts("zh-CN")["workshop.check.holds"]]
