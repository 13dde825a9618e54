"""What somebody in a class finds: the class first, no data page, register or plans, whatever the address asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access import passcode
from data_access.access import Role, User
from data_access.settings import Settings
from data_access.workshop.store import Store, open_store
from pages.frame.door import opening
from pages.words.catalogue import texts
from tests.data_access.workshop.class_fixtures import opened
from tests.pages.conftest import OpenPage, seen

WORDS = texts("en")
PARTICIPANT = {"satrace_roles": ["participant"], "sub": "ann", "name": "Ann"}


@pytest.fixture
def store(tmp_path: Path, open_page: OpenPage) -> Iterator[Store]:
    """That of the pages."""
    store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    yield store
    store.engine.dispose()


def test_a_participant_is_refused_what_is_not_of_the_class(open_page: OpenPage, store: Store) -> None:
    before = open_page("data", lang="en", claims=PARTICIPANT)
    assert WORDS["door.closed_page"] not in seen(before), "who is in no class has the pages of before"
    klass = opened(store, "A")
    store.join(User("ann", "Ann", frozenset({Role.PARTICIPANT})), klass.code, "Ann")
    for page in ("data", "plans", "workshop"):
        app = open_page(page, lang="en", claims=PARTICIPANT)
        assert [title.value for title in app.title] == [WORDS[f"page.{page}"]]
        assert [info.value for info in app.info] == [WORDS["door.closed_page"]]
        assert {button.key for button in app.button} == {"again.class", "again.kept", "sign_out"}, "of the frame"
        assert not app.dataframe and not app.exception
    both = open_page("data", lang="en", claims={**PARTICIPANT, "satrace_roles": ["participant", "instructor"]})
    assert WORDS["door.closed_page"] not in seen(both), "who teaches is not bound"


def test_behind_a_door_nobody_is_the_analyst(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a run ever begin without the cookie, it shows the way in and nothing else."""
    monkeypatch.setattr(passcode, "COST", 2**4)
    opening.open_door(Settings.from_environment({"SATRACE_DATA": str(tmp_path)}))
    try:
        app = open_page("overview", lang="en", business="mobile_5g")
    finally:
        opening.close_door()
    assert [title.value for title in app.title] == [WORDS["door.out"]]
    assert not app.button and not app.sidebar.children and "5G" not in seen(app)
