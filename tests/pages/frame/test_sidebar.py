"""The sidebar: one state in widget, link and selection; what does not exist is never chosen."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import Scope
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from pages.frame.sidebar import check_scope

pytestmark = pytest.mark.slow  # every test draws the sidebar

MODEL = """
table = "calls"
time = { column = "at", timezone = "UTC" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
team = { column = "team" }
city = { column = "city" }
tier = { column = "tier" }
metric = { column = "m" }
channel = { column = "channel" }
"""
PAGE = """
from datetime import date
import streamlit as st
from data_access.access import Scope
from data_access.model_file import parse_model
from data_access.taxonomy import load_taxonomy
from pages.frame import address, sidebar, whole_span
from pages.words.catalogue import Catalogue
from pages.words.names import Names
from pages.frame.periods import Calendar

address.arrive()
words = Catalogue.load(sidebar.choose_language())
model = parse_model(MODEL_TEXT)
calendar = Calendar(date(2026, 3, 1), date(2026, 10, 31)) if TIMED else None
members = lambda name: ["a", "b", None]
st.session_state["chosen"] = sidebar.choose_selection(
    model, calendar, members=members, names=Names(model, load_taxonomy(), words, {}), words=words, scope=Scope(SCOPE),
    page=ON,
)
st.session_state["large"] = sidebar.choose_reading(words)
whole_span.tell(words)
for statement in address.notes():
    st.caption(f"{statement.key} {dict(statement.values)}")
address.publish()
"""
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))


def sidebar(
    *, scope: tuple[Filter, ...] = (), timed: bool = True, page: str = "overview", more: str = "",
    **asked: str | list[str],
) -> AppTest:  # fmt: skip
    model = (MODEL if timed else MODEL.replace("time =", "# time =")) + more
    head = "from data_access.selection import Filter\n"
    head += f"MODEL_TEXT, SCOPE, TIMED, ON = {model!r}, {scope!r}, {timed}, {page!r}\n"
    app = AppTest.from_string(head + PAGE, default_timeout=30)
    app.query_params.update(asked)
    return app.run()


def chosen(app: AppTest) -> Selection:
    assert not app.exception
    found: Selection = app.session_state["chosen"]
    return found


def notes(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def test_the_start_is_the_latest_month_against_the_one_before() -> None:
    app = sidebar()
    assert chosen(app) == Selection("score", OCTOBER, SEPTEMBER)
    assert {name: app.query_params[name] for name in ("from", "to", "base", "metric", "lang", "text")} == {
        "from": "2026-10-01", "to": "2026-11-01", "base": "previous",
        "metric": "score", "lang": "en", "text": "normal",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "period", "baseline"),
    [
        ({"from": "2026-08-01", "to": "2026-09-01"}, Period(date(2026, 8, 1), date(2026, 9, 1)),
         Period(date(2026, 7, 1), date(2026, 8, 1))),
        ({"from": "2026-10-05", "to": "2026-10-12", "base": "none"},
         Period(date(2026, 10, 5), date(2026, 10, 12)), None),
        ({"base": "year"}, OCTOBER, Period(date(2025, 10, 1), date(2025, 11, 1))),
        ({"base": "own", "base_from": "2026-03-01", "base_to": "2026-04-01"}, OCTOBER,
         Period(date(2026, 3, 1), date(2026, 4, 1))),
        ({"from": "all"}, None, None),
        ({"span": "all"}, None, None),
        ({"from": "2026-10-12", "to": "2026-10-05"}, OCTOBER, SEPTEMBER),  # backwards: the usual month
        ({"from": "1999-01-01", "to": "2001-01-01"}, OCTOBER, SEPTEMBER),
    ],
)  # fmt: skip
def test_periods_of_a_link(asked: dict[str, str], period: Period | None, baseline: Period | None) -> None:
    app = sidebar(**asked)
    assert (chosen(app).period, chosen(app).baseline) == (period, baseline)
    again = sidebar(**app.query_params)
    assert chosen(again) == chosen(app) and again.query_params == app.query_params and not notes(again)


@pytest.mark.parametrize("asked", [{"from": "2026-10-12", "to": "2026-10-05"}, {"from": "2026-10-12"}])
def test_half_a_period_and_one_that_runs_backwards_are_noted(asked: dict[str, str]) -> None:
    app = sidebar(**asked)
    assert chosen(app).period == OCTOBER
    assert notes(app) == [f"link.dropped {{'name': 'from, to', 'value': '{', '.join(asked.values())}'}}"]


def test_a_page_over_all_data_leaves_the_period_alone_and_leads_back() -> None:
    app = sidebar(span="all", **{"from": "2026-09-01", "to": "2026-10-01"})
    assert (app.selectbox(key="period").value, app.query_params["from"]) == ("2026-09", "2026-09-01")
    assert chosen(app.run()).period is None, "it stays so while the page is used"
    app.button(key="span.end").click().run()
    assert (chosen(app).period, "span" in app.query_params) == (SEPTEMBER, False)
    app = sidebar(span="all")
    app.selectbox(key="period").set_value("2026-09").run()
    assert chosen(app).period == SEPTEMBER, "who chooses a period wants it"
    app = sidebar(span="all")
    app.query_params.clear()
    app.query_params["metric"] = "score"  # another link, or back
    assert chosen(app.run()).period == OCTOBER


def test_own_dates_in_either_order() -> None:
    app = sidebar()
    app.selectbox(key="period").set_value("own").run()
    app.date_input(key="own.from").set_value(date(2026, 9, 20)).run()
    app.date_input(key="own.to").set_value(date(2026, 9, 7)).run()
    assert chosen(app).period == Period(date(2026, 9, 7), date(2026, 9, 21))
    assert (app.query_params["from"], app.query_params["to"]) == ("2026-09-07", "2026-09-21")


def test_without_time_there_are_no_periods() -> None:
    app = sidebar(timed=False)
    assert chosen(app) == Selection("score")
    assert not {"from", "to", "base"} & set(app.query_params)


def test_values_blanks_and_reserved_names() -> None:
    app = sidebar(team=["a", "~"], **{"f.metric": "b"})
    assert chosen(app).filters == (Filter("metric", ("b",)), Filter("team", ("a", None)))
    assert (app.query_params["team"], app.query_params["f.metric"]) == (["a", "~"], "b")
    assert app.query_params["metric"] == "score"


TAKEN = ("driver", "columns", "hold", "lines", "preset", "of", "y", "within")  # x no model may call a dimension


@pytest.mark.parametrize("name", TAKEN)
def test_a_dimension_named_like_an_option_has_a_name_of_its_own(name: str) -> None:
    more = f'{name} = {{ column = "named" }}\n'
    app = sidebar(more=more, **{f"f.{name}": ["a", "~"]})
    assert chosen(app).filters == (Filter(name, ("a", None)),) and not notes(app)
    assert app.query_params[f"f.{name}"] == ["a", "~"] and name not in app.query_params
    old = sidebar(more=more, **{name: "a"})  # written before an analysis took the name
    assert chosen(old).filters == (Filter(name, ("a",)),) and not notes(old)
    assert old.query_params[f"f.{name}"] == "a" and name not in old.query_params


def test_an_old_name_that_the_page_uses_itself_is_its_option() -> None:
    app = sidebar(more='driver = { column = "named" }\n', page="drivers", driver="a")
    assert chosen(app).filters == ()
    assert notes(app) == ["link.unknown {'name': 'driver'}"], "left for the page, which this test does not draw"


def test_unknown_values_are_noted_and_the_known_stay() -> None:
    app = sidebar(team=["a", "zz"], city="nowhere")
    assert chosen(app).filters == (Filter("team", ("a",)),)
    assert sorted(notes(app)) == [
        "link.dropped {'name': 'city', 'value': 'nowhere'}", "link.dropped {'name': 'team', 'value': 'zz'}",
    ]  # fmt: skip


def test_more_filters_are_drawn_when_asked_for() -> None:
    app = sidebar()
    assert [m.key for m in app.multiselect] == ["filter.team", "filter.city", "filter.tier"]
    app.selectbox(key="filters.add").set_value("channel").run()
    assert app.multiselect[-1].key == "filter.channel"
    app.multiselect(key="filter.channel").set_value(["b"]).run()
    assert chosen(app).filters == (Filter("channel", ("b",)),)
    app.button(key="filters.clear").click().run()
    assert chosen(app).filters == () and len(app.multiselect) == 3


def test_a_scope_narrows_options_and_selection() -> None:
    scope = (Filter("team", ("b",)),)
    app = sidebar(scope=scope, team="a")
    assert list(app.multiselect(key="filter.team").options) == ["b"]
    assert chosen(app).filters == scope and notes(app)
    assert chosen(sidebar(scope=scope, city="a")).filters == (Filter("city", ("a",)), *scope)


def test_a_scope_over_what_the_data_lack_is_refused() -> None:
    model = parse_model(MODEL)
    check_scope(model, Scope((Filter("team", ("a",)),)))
    with pytest.raises(BadInput, match="county"):
        check_scope(model, Scope((Filter("county", ("a",)),)))


def test_large_text_is_part_of_the_link() -> None:
    assert sidebar(text="large").session_state["large"] is True
    assert sidebar(text="huge").session_state["large"] is False


@pytest.mark.parametrize(("locale", "language"), [("zh-TW", "zh-CN"), ("zh", "zh-CN"), ("de-DE", "en"), (None, "en")])
def test_the_language_of_the_browser(locale: str | None, language: str) -> None:
    app = AppTest.from_string(
        "from pages.frame import address, sidebar\naddress.arrive()\nsidebar.choose_language()\naddress.publish()"
    )
    app.context["locale"] = locale
    assert app.run(timeout=30).query_params == {"lang": language}


def test_the_address_holds_nothing_else() -> None:
    app = sidebar(team="a")
    assert set(app.query_params) == {"lang", "text", "metric", "from", "to", "base", "team"}


def test_a_link_may_say_what_the_screen_says() -> None:
    line = 'line = { column = "line", labels = { en = "Line", zh-CN = "业务" } }\n'
    app = sidebar(more=line, **{"业务": ["a"]}, lang="zh-CN", metric="满意度")
    assert chosen(app).filters == (Filter("line", ("a",)),)
    assert app.query_params["line"] == "a" and app.query_params["metric"] == "score"
    assert not notes(app)
