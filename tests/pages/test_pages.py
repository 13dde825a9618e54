"""Every page in every language: over everything, with a filter, with nothing to show, from a broken link."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from pages.words.catalogue import Catalogue, texts

from .checks import LATIN, check, title
from .conftest import MODEL, OpenPage, in_both, in_turn, seen

PAGES = ("overview", "contribution", "change", "contrast", "drivers", "trace", "plans", "workshop", "data")
METHODS = ("overview", "contribution", "change", "contrast", "drivers")
CASES: Mapping[str, Mapping[str, str]] = {
    "everything": {},
    "all data": {"from": "all", "base": "none"},
    "one filter": {"business": "mobile_5g", "depth": "advanced"},
    "nothing matches": {"business": "iot", "sub_type": "5g_bill"},
    "a time without data": {"from": "2027-03-01", "to": "2027-04-01"},
}
EMPTY = {  # what is said where there is nothing to show
    ("change", "all data"): "change.no_baseline",
    ("contrast", "one filter"): "contrast.one_group",  # it is contrasted by the dimension of the filter
    ("any", "nothing matches"): "selection.empty",
    ("change", "nothing matches"): "selection.empty_period",
    ("change", "a time without data"): "selection.empty_period",
    ("any", "a time without data"): "selection.empty",
}
BROKEN = {
    "metric": "fun", "business": "mobile_6g", "from": "2026-13-01", "base": "someday", "text": "tiny",
    "data": "nowhere", "nonsense": "x",
}  # fmt: skip


def columns() -> set[str]:
    """Latin words the data themselves bring to the Data page: the model's columns, codes and place."""
    quoted = re.findall(r'(?:column|id|loaded|reason|not_stated|timezone) = "([^"]+)"', MODEL.read_text("utf-8"))
    return {word for text in quoted for word in re.findall("[A-Za-z_]{2,}", text)}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("page", "language"), in_both(PAGES))
def test_a_page_in_a_language(page: str, language: str, case: str, open_page: OpenPage) -> None:
    app = open_page(page, lang=language, **CASES[case])
    text = check(app, language, page)
    if language == "zh-CN":
        assert set(re.findall(r"[A-Za-z_]{2,}", text)) <= LATIN | (columns() if page == "data" else set()) | set(
            CASES[case]
        )
    told = EMPTY.get((page, case)) or EMPTY.get(("any", case)) if page in METHODS else None
    assert len(app.warning) == (told is not None)
    assert told is None or app.warning[0].value.startswith(texts(language)[told].split("{")[0])


@pytest.mark.parametrize(("page", "language"), in_turn(PAGES))
def test_a_broken_link_is_mended_and_said(page: str, language: str, open_page: OpenPage) -> None:
    app = open_page(page, **{**BROKEN, "lang": language, "by": "nobody", "depth": "deep", "segment": "gone"})
    check(app, language, page)
    asked = {**BROKEN, "by": "nobody", "depth": "deep"}
    noted = " ".join(toast.value.replace("\\", "") for toast in app.toast)
    assert [name for name in asked if name not in noted] == []
    assert [name for name, value in asked.items() if app.query_params.get(name) == value] == []
    assert app.query_params["lang"] == language


def test_an_unknown_language_falls_back_to_the_browser(open_page: OpenPage) -> None:
    assert [t.value for t in open_page("overview", lang="fr").title] == [title("en", "overview")]


def test_a_narrower_link_never_widens_silently(open_page: OpenPage) -> None:
    app = open_page("overview", business=["mobile_5g", "mobile_6g"])
    assert app.query_params["business"] == "mobile_5g"
    assert any("mobile\\_6g" in toast.value for toast in app.toast)


@pytest.mark.parametrize("page", METHODS)
def test_the_address_opens_the_same_page_again(page: str, open_page: OpenPage) -> None:
    asked = {"business": "mobile_5g", "from": "2026-08-01", "to": "2026-10-01", "base": "year", "metric": "resolved",
             "lang": "zh-CN", "text": "large", "depth": "advanced",
             "columns" if page == "drivers" else "by": "region"}  # fmt: skip
    first = open_page(page, **asked)
    assert {name: first.query_params[name] for name in asked} == asked
    second = open_page(page, **first.query_params)
    assert second.query_params == first.query_params
    assert seen(second).split() == seen(first).split()  # where a link leads to a place, a script goes there
    assert not second.toast


def test_a_choice_by_hand_wins_over_the_address(open_page: OpenPage) -> None:
    app = open_page("overview", metric="resolved", lang="en")
    app.selectbox(key="metric").set_value("score").run()
    assert app.query_params["metric"] == "score"
    app.button_group(key="lang").set_value("zh-CN").run()
    assert [t.value for t in app.title] == [title("zh-CN", "overview")]
    assert app.query_params["metric"] == "score"


def test_filters_are_cleared_by_one_button(open_page: OpenPage) -> None:
    app = open_page("overview", business="mobile_5g", region="east")
    assert {"business", "region"} <= set(app.query_params)
    app.button(key="filters.clear").click().run()
    assert not {"business", "region"} & set(app.query_params)


@pytest.mark.parametrize(("page", "language"), in_turn(PAGES))
def test_a_source_that_is_down(
    page: str, language: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql://li:secret@127.0.0.1:1/calls")
    app = open_page(page, lang=language, business="mobile_5g", by="region")
    text = seen(app)
    assert not app.exception and not app.error
    assert "secret" not in text and "Traceback" not in text
    asks = page not in ("trace", "plans", "workshop")  # a list of records waits for no source
    assert len(app.warning) == asks and all("127.0.0.1" in w.value and "\n" not in w.value for w in app.warning)
    assert len(app.title) == (page not in METHODS)
    assert app.query_params["business"] == "mobile_5g"  # when the source is back, nothing is lost


def test_what_was_chosen_outlives_a_time_out_of_reach(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, sample: object
) -> None:
    app = open_page("overview", lang="en", business="mobile_5g", base="year")
    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql://127.0.0.1:1/calls")
    app.run()
    app.button_group(key="lang").set_value("zh-CN").run()
    assert len(app.warning) == 1
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(sample))
    app.run()
    asked = {name: app.query_params[name] for name in ("business", "base", "lang")}
    assert asked == {"business": "mobile_5g", "base": "year", "lang": "zh-CN"}
    assert not app.toast


def test_other_machines_are_served_only_with_sign_in(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit import config

    config.set_option("server.address", "0.0.0.0")
    try:
        app = open_page("overview", lang="en")
    finally:
        config.set_option("server.address", "127.0.0.1")
    assert [e.value for e in app.error] == [texts("en")["sign_in.not_configured"]]
    assert not app.title and not app.sidebar.children


def test_the_strip_shows_the_worst_of_many(open_page: OpenPage) -> None:
    app = open_page("overview", lang="en", by="unit", depth="intermediate")
    drawn = app.get("plotly_chart")[1].proto.spec
    table = app.dataframe[0].value
    known = table[table["Score, points"].notna()].sort_values("Score, points")["Serving unit"].tolist()
    assert len(table) > 12
    assert [name for name in known[:5] if name not in drawn] == []
    assert "others" in drawn and known[-1] not in drawn


def test_actions_stand_under_their_table_and_the_choice_of_a_segment_with_its_reasons(open_page: OpenPage) -> None:
    words = Catalogue.load("en")
    app = open_page("contribution", lang="en", depth="intermediate")
    text = seen(app)
    order = [words.text("column.cumulative"), words.text("action.link"), words.text("option.everything"),
             words.text("contribution.inside_all", finding="")]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)
