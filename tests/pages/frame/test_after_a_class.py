"""After a class its members go on reading behind the door, and nobody is kept in a class that is over."""

from __future__ import annotations

import pytest

from data_access.statement import Problem
from pages.frame import visitors
from pages.frame.door import members, opening
from pages.words.catalogue import Catalogue
from tests.data_access.workshop.class_fixtures import begun
from tests.data_access.workshop.class_fixtures import opened as another
from tests.data_access.workshop.conftest import INSTRUCTOR, evidence
from tests.pages.frame import test_door
from tests.pages.frame.test_door import Class, post

held = test_door.held
EN = Catalogue.load("en").text


def test_the_own_result_is_read_after_the_end_and_nothing_is_changed(
    held: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, store, klass = held.browser(), held.store, begun(held.store, held.klass)
    post(ann, code=klass.code, name="Ann")
    user, door = visitors.visitor(dict(ann.cookies)), opening.current()
    assert user is not None and door is not None
    monkeypatch.setattr(members, "KEPT_S", 0.0)
    (member,) = store.members(INSTRUCTOR, klass.id)
    store.place(INSTRUCTOR, member.id, store.groups(INSTRUCTOR, klass.id)[0].key)
    before = members.present(door, user)
    assert before is not None
    issue = store.begin(before, "3G", evidence(), (), once=True)
    store.submit(before, klass.id)
    store.reveal(INSTRUCTOR, klass.id)
    store.end_class(INSTRUCTOR, klass.id)
    here = members.present(door, user)
    assert here == before and here.attends == klass.id
    assert store.traces(here)[0].issue.id == issue.id and store.groups(here, klass.id)[0].key in here.groups
    assert store.key(here, klass.id).truth and store.training_class(here, klass.id).ended_at
    written = (lambda: store.pin(here, issue.id, evidence()), lambda: store.create_issue(here, "x"),
               lambda: store.take_hint(here, klass.id), lambda: store.bet(here, klass.id, 0.5),
               lambda: store.answer_quiz(here, klass.id, "q", "nominal"),
               lambda: store.remove_issue(here, issue.id))  # fmt: skip
    for write in written:
        with pytest.raises(Problem):
            write()
    assert EN("door.go_on") in ann.get("/join").text
    fresh = another(store, title="Tuesday")
    assert EN("door.join") in ann.get(f"/join?code={fresh.code}").text, "the code of another class is answered"
    store.join(user, fresh.code, "Ann")
    joined = members.present(door, user)
    assert joined is not None and joined.attends == fresh.id, "a class that goes on comes first"
    assert EN("door.go_on") in ann.get(f"/join?code={fresh.code}").text


def test_who_signed_in_is_in_no_class_that_is_over(held: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """And who sat in no group at the door has nothing to read."""
    ann, klass = held.browser(), held.klass
    post(ann, code=klass.code, name="Ann")
    user, door = visitors.visitor(dict(ann.cookies)), opening.current()
    assert user is not None and door is not None
    monkeypatch.setattr(members, "KEPT_S", 0.0)
    (member,) = held.store.members(INSTRUCTOR, klass.id)
    held.store.end_class(INSTRUCTOR, klass.id)
    assert members.present(door, user) is None
    other = begun(held.store, another(held.store, title="Tuesday"))
    member = held.store.join(user, other.code, "Ann")
    held.store.place(INSTRUCTOR, member.id, held.store.groups(INSTRUCTOR, other.id)[0].key)
    held.store.end_class(INSTRUCTOR, other.id)
    assert members.attending(user, door.settings).attends == other.id
    opening.close_door()
    signed_in = members.attending(user, door.settings)
    assert (signed_in.attends, signed_in.groups, signed_in.scope) == ("", user.groups, user.scope)
