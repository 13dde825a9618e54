"""A class from its opening to its end: who joins, what runs when, and what nobody sees too early."""

from __future__ import annotations

import pytest

from data_access.access import NotAllowed
from data_access.statement import BadInput
from data_access.workshop import class_rules
from data_access.workshop.class_records import Mark, Remark, Stage
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.class_fixtures import CASE, KEY, begun, opened, person
from tests.data_access.workshop.conftest import INSTRUCTOR, key_of


def test_a_class_from_its_opening_to_its_end(store: Store, store_url: str) -> None:
    klass = opened(store)
    assert set(klass.code) <= set(class_rules.SIGNS) and len(klass.code) == 6
    assert [group.key for group in store.groups(INSTRUCTOR, klass.id)] == [f"{klass.code}-A", f"{klass.code}-B"]
    ann = person(1)
    member = store.join(ann, f" {klass.code[:3].lower()}-{klass.code[3:]} ", " Ann\u3000Lee ")
    assert (member.name, store.join(ann, klass.code, "Ann")) == ("Ann Lee", store.membership(ann.id))
    assert {group.name for group in store.groups(ann, klass.id)} == {"A", "B"}  # she may choose
    store.choose_group(ann, klass.id, f"{klass.code}-A")
    assert [group.name for group in store.groups(ann, klass.id)] == ["A"]
    with pytest.raises(BadInput, match="has_group"):
        store.choose_group(ann, klass.id, f"{klass.code}-B")
    klass = begun(store, klass, Stage.DATA_PROBLEM, Stage.WHERE)
    assert (klass.stage, klass.open) == (Stage.WHERE, (Stage.DATA_PROBLEM, Stage.WHERE))
    before = klass.ends_at
    klass = store.extend(INSTRUCTOR, klass.id, 5)
    assert before and klass.ends_at and (klass.ends_at - before).total_seconds() == 300
    assert store.lock_stage(INSTRUCTOR, klass.id, Stage.DATA_PROBLEM).open == (Stage.WHERE,)
    assert store.unlock_stage(INSTRUCTOR, klass.id, Stage.DATA_PROBLEM).open == (Stage.DATA_PROBLEM, Stage.WHERE)
    assert [hint.en for hint in store.training_class(ann, klass.id).case.hints] == ["", ""]
    assert store.take_hint(ann, klass.id).number == 1
    assert [hint.en for hint in store.classes(ann)[0].case.hints] == ["Look at the month", ""]
    store.answer_quiz(ann, klass.id, "score", "ordinal")
    store.answer_quiz(ann, klass.id, "score", "interval")
    assert [answer.level for answer in store.quiz_answers(ann, klass.id)] == ["ordinal", "interval"]
    assert store.bet(ann, klass.id, 0.8).bet == 0.8
    with pytest.raises(BadInput) as error:
        store.reveal(INSTRUCTOR, klass.id)
    assert (key_of(error), error.value.statement.values["groups"]) == ("class.gate.not_all_in", ["A"])
    store.submit(ann, klass.id)
    store.mark(INSTRUCTOR, Mark(class_id=klass.id, group=f"{klass.code}-A", criterion="location", points=12.5))
    store.say(INSTRUCTOR, Remark(class_id=klass.id, group="", text="Ten minutes left"))
    assert store.marks(ann, klass.id) == () and len(store.remarks(ann, klass.id)) == 1
    with pytest.raises(NotAllowed, match=r"class\.may_not\.key"):
        store.key(ann, klass.id)
    store.reveal(INSTRUCTOR, klass.id)
    again = open_store(store_url)
    assert again.key(ann, klass.id) == KEY and [mark.points for mark in again.marks(ann, klass.id)] == [12.5]
    assert again.training_class(INSTRUCTOR, klass.id).case == CASE
    assert again.end_class(INSTRUCTOR, klass.id).ended_at and again.membership(ann.id) is None
    assert again.class_of_code(klass.code) is None and len(again.classes(ann)) == 1
    again.engine.dispose()
