"""Who may open what somebody brought, by name; and what happened to data sets, for those whom it concerns."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import User
from data_access.library import Library
from pages.words.catalogue import texts
from tests.pages.conftest import EACH_LANGUAGE, OpenPage
from tests.pages.data.test_data import hotline, press, upload

LI, WANG, ZHAO = ({"sub": name.casefold(), "name": name} for name in ("Li", "Wang", "Zhao"))
BOSS = {"sub": "boss", "name": "Boss", "satrace_roles": ["admin"]}
VIEWER = {"sub": "guest", "satrace_roles": ["viewer"]}


def brought(open_page: OpenPage, readers: list[str]) -> str:
    app = upload(open_page("data", claims=LI, lang="en"), hotline())
    app.multiselect(key="import.readers").set_value(readers).run()
    return str(press(app, "import.use").query_params["data"])


def readers_of(folder: Path, id: str) -> list[str]:
    """Those who find the data among theirs."""
    found = {who: Library(folder / "imports", User(who, who)).datasets() for who in ("li", "wang", "zhao")}
    return [who for who, datasets in found.items() if id in [one.id for one in datasets]]


def test_an_owner_names_who_else_may_open_the_data(open_page: OpenPage, tmp_path: Path) -> None:
    for claims in (WANG, ZHAO):
        open_page("workshop", claims=claims, lang="en")  # they have been here
    offered = upload(open_page("data", claims=LI, lang="en"), hotline()).multiselect(key="import.readers")
    assert offered.options == [texts("en")["data.everybody"], "Wang", "Zhao"]
    id = brought(open_page, ["wang"])
    assert readers_of(tmp_path, id) == ["li", "wang"]
    assert open_page("data", claims=WANG, lang="en", data=id).query_params["data"] == id
    app = press(open_page("data", claims=LI, lang="en", data=id), f"data.correct.{id}")
    assert app.multiselect(key="import.readers").value == ["wang"]
    app.multiselect(key="import.readers").set_value(["*"]).run()
    press(app, "import.use")
    assert readers_of(tmp_path, id) == ["li", "wang", "zhao"]


def audit(app: AppTest, who: str) -> list[tuple[str, ...]]:
    """Who did what with which data, and who may open them; `who` is the head of the second column."""
    app.session_state["data.audit"] = True
    app.run()
    tables = [table.value for table in app.dataframe if who in table.value.columns]
    return [tuple(row)[1:] for table in tables for row in table.itertuples(index=False)]


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_what_happened_is_shown_to_the_owner_and_to_admins(language: str, open_page: OpenPage) -> None:
    said = texts(language)
    id = brought(open_page, [])
    for claims, sees in ((LI, True), (BOSS, True), (WANG, False)):
        lines = audit(open_page("data", claims=claims, lang=language), said["data.audit_who"])
        assert bool(lines) == sees
        for who, what, name, version, readers in lines:
            assert (who, what, name) == ("Li", said["data.audit_brought"], "hotline") and len(version) == 12
            assert readers == "–"
    press(open_page("data", claims=BOSS, lang=language), f"data.forget.{id}")
    who, what, *_ = audit(open_page("data", claims=LI, lang=language), said["data.audit_who"])[0]
    assert (who, what) == ("Boss", said["data.audit_deleted"])
    viewer = open_page("data", claims=VIEWER, lang=language)
    assert said["data.audit"] not in [box.label for box in viewer.expander]
