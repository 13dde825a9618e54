"""The service page: the board, a measure that is opened, and a choice of formula that is part of the link."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from data_access.taxonomy import load_taxonomy
from pages.words.catalogue import Catalogue
from tests.pages.conftest import OpenPage, seen


def test_the_board_opens_a_measure_with_its_formula_and_its_segments(open_page: OpenPage) -> None:
    words = Catalogue.load("zh-CN")
    asked = {"from": "2026-10-01", "to": "2026-11-01", "base": "previous"}
    app = open_page("service", lang="zh-CN", what="service_level", by="touchpoint", depth="intermediate", **asked)
    assert not app.exception
    text = seen(app)
    assert {"answer_rate", "caller_rate", "service_level", "escalation_rate", "critical_accuracy"} < set(keys_of(app))
    assert "服务水平 = 及时接通 ÷（接通 + 放弃）" in text and "反复重拨" in text and "及时接通 ÷ 已接通" in text
    assert words.text("definitions.heading") in text and "全部 10 种口径下" in text
    assert "投诉处理" in text and words.text("service.branch.resolution") in text


def test_measures_stand_side_by_side_by_touchpoint(open_page: OpenPage) -> None:
    asked = {"from": "2026-10-01", "to": "2026-11-01", "base": "previous"}
    app = open_page("service", lang="zh-CN", shape="touchpoint", what="bot_containment", **asked)
    assert not app.exception
    assert app.session_state["option.service.by"] == "scenario"  # by touchpoint it is 100 or 0 % by what it means
    assert "整体没有明显变差，但在投诉处理明显变差" in seen(app)
    keys = keys_of(app)
    assert keys.count("escalation_rate") == 1 and keys.count("fcr_48") == 8  # complaints know one touchpoint only
    assert "人机协同" in seen(app)
    app.session_state["option.service.what"] = "busy_rate"
    app.run()
    assert app.session_state["option.service.by"] == "touchpoint"  # follows the measure until somebody chooses
    assert any("占线率：" in caption.value for caption in app.caption)  # whose buttons these are


def keys_of(app: AppTest) -> list[str]:
    """The measures that answer to a click in the page's first picture."""
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    return list(figure["data"][0]["customdata"])


def test_first_contact_resolution_shows_its_cut_off_open_days_and_what_customers_said(open_page: OpenPage) -> None:
    words = Catalogue.load("zh-CN")
    asked = {"from": "2026-10-01", "to": "2026-11-01", "what": "fcr_48", "by": "team", "depth": "intermediate"}
    app = open_page("service", lang="zh-CN", under="first:same:2", **asked)
    assert not app.exception
    text = seen(app)
    assert "截止时点" in text and "没有标识" in text and words.text("definitions.heading") in text
    tables = [set(table.value.columns) for table in app.table]
    survey = {words.text(f"columns.fcr_part.{name}") for name in ("said", "kept", "back", "kept_means")}
    assert any(survey <= columns for columns in tables)
    what, under = (
        next(box for box in app.selectbox if str(box.key).endswith(f".{name}")) for name in ("what", "under")
    )
    assert under.value == "first:same:2"
    what.set_value("fcr_24").run()  # another measure begins at its own definition
    assert next(box for box in app.selectbox if box.key == under.key).value == "first:any:24"
    again = open_page("service", lang="zh-CN", issue="same", hours="24,72,168", **{**asked, "by": "business"})
    assert not again.exception and "就同一问题" in seen(again) and "168 小时" in seen(again)
    assert "可用抓手" in seen(again)
    assert not {remedy.code for remedy in load_taxonomy().remedies} & set(seen(again).split())


def test_people_open_with_what_is_in_a_teams_own_power_and_what_is_no_lever(open_page: OpenPage) -> None:
    words = Catalogue.load("zh-CN")
    asked = {"from": "2026-10-01", "to": "2026-11-01", "base": "previous", "by": "team", "depth": "intermediate"}
    app = open_page("service", lang="zh-CN", what="new_hire_share", **asked)
    assert not app.exception
    text = seen(app)
    titles = [words.text(f"people_page.part.{part}") for part in ("tenure", "own_power", "powers", "months")]
    assert all(title in text for title in titles) and "自身可控" in text
    busy = open_page("service", lang="zh-CN", what="occupancy", **asked)
    assert not busy.exception
    assert "不用于计酬" in seen(busy)
    assert words.text("people_page.part.loads") in seen(busy) and words.text("how.people.relations") in seen(busy)
