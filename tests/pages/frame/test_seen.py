"""Who is signed in sees single contacts and takes files along only when it is kept; an admin reads of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.access import Role, User
from data_access.workshop.store import Store, open_store
from pages.words.catalogue import Catalogue
from tests.pages.conftest import Downloads, OpenPage, seen

ADMIN = User("a", "a", frozenset({Role.ADMIN}))


@pytest.fixture
def store(open_page: OpenPage, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    yield opened
    opened.engine.dispose()


def test_what_somebody_saw_and_took_along_is_read_by_an_admin(
    open_page: OpenPage, store: Store, downloads: Downloads
) -> None:
    app = open_page("contribution", lang="en", claims={"satrace_scope": {"team": ["team_01"]}}, business="mobile_5g")
    app.session_state["rows.contribution"] = True
    app.run().run()
    next(make for name, make in downloads.items() if name.endswith(".csv"))()
    file, rows = store.seen(ADMIN)
    assert (rows.what, rows.who_id, rows.scope[0].values, rows.asked["page"]) == ("rows", "li", ("team_01",), 1)
    assert rows.count > 5 and ("business", ("mobile_5g",)) in rows.asked["filters"]
    assert (file.what, file.subject, file.asked["method"]) == ("file", "csv", "contribution")
    for language in ("en", "zh-CN"):
        words = Catalogue.load(language)
        admin = open_page("data", lang=language, claims={"sub": "chief", "satrace_roles": ["admin"]})
        admin.session_state["data.seen"] = True
        admin.run()
        told = seen(admin)
        assert not admin.exception and words.text("seen.what.rows") in told and "li" in told
    assert Catalogue.load("en").text("seen.title") not in seen(open_page("data", lang="en", claims={}))


def test_what_cannot_be_kept_is_not_shown(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("overview", lang="en", claims={})
    (tmp_path / "workshop.sqlite").rename(tmp_path / "moved.sqlite")
    app.session_state["rows.overview"] = True
    app.run()
    assert not app.exception and "Contact id" not in seen(app)
    assert Catalogue.load("en").text("seen.not_kept") in seen(app)


def test_without_sign_in_nothing_is_kept(open_page: OpenPage, store: Store) -> None:
    app = open_page("overview", lang="en")
    app.session_state["rows.overview"] = True
    app.run()
    assert any("Contact id" in frame.value.columns for frame in app.dataframe) and store.seen(ADMIN) == ()
