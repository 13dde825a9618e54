"""Nobody sees more than they may: scopes narrow every answer and every filter, roles hide rows and pins."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from pages.words.catalogue import texts
from tests.pages.conftest import OpenPage, seen

TEAM_01 = {"satrace_scope": {"team": ["team_01"]}}
TEAM_17 = {"satrace_scope": {"team": ["team_17"]}}


def answered(app: AppTest) -> tuple[int, int]:
    """Answers and invited contacts that the overview tells."""
    caption = next(c.value for c in app.caption if "response rate" in c.value)
    found = re.search(r"([\d,]+) answers from ([\d,]+) contacts", caption)
    assert found
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


def invited_of(sample: Path, team: str) -> int:
    """October's contacts of a team who were asked and count, by a copy: the app holds the file open."""
    copy = shutil.copy(sample, sample.with_suffix(".copy"))
    with duckdb.connect(str(copy), read_only=True) as db:
        asked = "SELECT count(*) FROM contacts WHERE invited AND NOT exempted"
        query = f"{asked} AND team = $1 AND contacted_at >= '2026-10-01'"
        row = db.execute(query, [team]).fetchone()
    assert row
    return int(row[0])


def test_two_scopes_never_share_an_answer(open_page: OpenPage, sample: Path) -> None:
    everybody = answered(open_page("overview", lang="en"))
    for claims, team in ((TEAM_01, "team_01"), (TEAM_17, "team_17"), (TEAM_01, "team_01")):
        found = answered(open_page("overview", lang="en", claims=claims))
        assert found[1] == invited_of(sample, team) < everybody[1]
        assert found == answered(open_page("overview", lang="en", team=team))


def test_a_scope_is_the_most_a_link_can_ask_for(open_page: OpenPage) -> None:
    mine = open_page("overview", lang="en", claims=TEAM_01)
    more = open_page("overview", lang="en", claims=TEAM_01, team=["team_01", "team_17"])
    theirs = open_page("overview", lang="en", claims=TEAM_01, team="team_17")
    assert answered(mine) == answered(more) == answered(theirs)
    for app in (more, theirs):
        assert "team_17" not in str(app.query_params)
        assert any("team\\_17" in toast.value for toast in app.toast)
        assert list(app.multiselect(key="filter.team").options) == ["Team 1"]


LONG = pytest.mark.prove


@pytest.mark.parametrize(
    "page",
    ["overview", *(pytest.param(page, marks=LONG) for page in ("contribution", "change", "contrast", "drivers"))],
)
def test_no_other_team_is_named_on_any_page(page: str, open_page: OpenPage) -> None:
    app = open_page(page, lang="en", claims=TEAM_01, by="team", depth="advanced")
    assert "Team 17" not in seen(app)
    assert "Team 1" in seen(app)


def test_rows_stay_within_the_scope(open_page: OpenPage) -> None:
    app = open_page("overview", lang="en", claims=TEAM_01)
    app.session_state["rows.overview"] = True
    app.run()
    rows = next(f.value for f in app.dataframe if "Contact id" in f.value.columns)
    assert len(rows) > 10 and set(rows["Team"]) == {"Team 1"}


def test_a_viewer_sees_neither_rows_nor_pins(open_page: OpenPage) -> None:
    viewer = seen(open_page("overview", lang="en", claims={"satrace_roles": ["viewer"]}))
    analyst = seen(open_page("overview", lang="en", claims={}))
    for key in ("how.rows", "action.pin"):
        assert f"\n{texts('en')[key]}\n" in analyst
        assert f"\n{texts('en')[key]}\n" not in viewer
    assert f"\n{texts('en')['how.sql']}\n" in viewer


def test_a_scope_that_the_data_cannot_keep_shows_nothing(open_page: OpenPage) -> None:
    app = open_page("overview", lang="en", claims={"satrace_scope": {"county": ["north"]}})
    assert not app.title and len(app.warning) == 1 and "county" in app.warning[0].value


def test_a_scope_that_makes_no_sense_opens_nothing(open_page: OpenPage) -> None:
    app = open_page("overview", lang="en", claims={"satrace_scope": "everything"})
    assert not app.title and not app.metric and len(app.warning) == 1


def test_who_is_not_signed_in_sees_a_button_only(open_page: OpenPage) -> None:
    app = open_page("overview", lang="en", claims={"is_logged_in": False}, business="mobile_5g")
    assert [t.value for t in app.title] == [texts("en")["sign_in.title"]]
    assert [b.label for b in app.button] == [texts("en")["sign_in.button"]]
    assert not app.metric and not app.multiselect and "5G" not in seen(app)


def test_signed_out_nothing_is_shown_but_the_way_in(open_page: OpenPage) -> None:
    app = open_page("change", lang="en", claims={"is_logged_in": False}, by="region")
    assert [t.value for t in app.title] == [texts("en")["sign_in.title"]]
    assert [b.key for b in app.button] == ["sign_in"] and not app.sidebar.children
    assert not app.exception and not app.error and not app.warning
    assert app.query_params == {"lang": "en", "by": "region"}
