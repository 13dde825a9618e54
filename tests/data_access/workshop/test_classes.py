"""A class from its opening to its end: who joins, what runs when, and what nobody sees too early."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from data_access.access import NotAllowed
from data_access.statement import BadInput
from data_access.workshop import class_rules
from data_access.workshop.changes import Conflict
from data_access.workshop.class_records import Mark, Remark, Stage
from data_access.workshop.engine import transaction
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.class_fixtures import CASE, KEY, begun, opened, person, seated
from tests.data_access.workshop.conftest import ANALYST, GROUP_A, INSTRUCTOR, VIEWER, key_of


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


@pytest.mark.parametrize("name", ["", " \u200b\u3000", "x" * 61, "half \ud800", "nul \x00"])
def test_a_name_that_cannot_be_one(sqlite_store: Store, name: str) -> None:
    klass = opened(sqlite_store)
    with pytest.raises(BadInput, match=r"class\.form\.(blank|too_long|signs)"):
        sqlite_store.join(person(1), klass.code, name)
    assert sqlite_store.members(INSTRUCTOR, klass.id) == ()


def test_names_of_all_writings_that_read_alike_are_one(sqlite_store: Store) -> None:
    store, klass = sqlite_store, opened(sqlite_store)
    names = ("李娜", "Zoë", "Zoé", "Ольга", "محمد", "𠮷野", "O’Brien", "Ann Lee")
    joined = [store.join(person(number), klass.code, name).name for number, name in enumerate(names)]
    assert joined == list(names)
    for alike in (" 李　娜 ", "ZOE\u0308", "ann\u200blee", "Ａｎｎ Ｌｅｅ", "An n Lee"):
        with pytest.raises(BadInput, match="name_taken"):
            store.join(person(99), klass.code, alike)
    with pytest.raises(BadInput, match="name_taken"):
        store.add_group(INSTRUCTOR, klass.id, " ａ ")
    assert len(store.members(INSTRUCTOR, klass.id)) == len(names)


def test_who_may_do_what(sqlite_store: Store) -> None:
    """Only who teaches leads; only who sees no other group's work takes part; nobody else learns of a class."""
    store, klass = sqlite_store, opened(sqlite_store)
    key = store.groups(INSTRUCTOR, klass.id)[0].key
    ann = seated(store, klass, 1)
    mark = Mark(class_id=klass.id, group=key, criterion="location", points=1.0)
    leads = (
        lambda u: store.open_class(u, klass, KEY, ["A"]), lambda u: store.save_class(u, replace(klass, title="x")),
        lambda u: store.start_stage(u, klass.id, Stage.WHY, minutes=1), lambda u: store.reveal(u, klass.id),
        lambda u: store.add_group(u, klass.id, "C"), lambda u: store.collect(u, klass.id),
        lambda u: store.end_class(u, klass.id), lambda u: store.mark(u, mark),
        lambda u: store.say(u, Remark(class_id=klass.id, group="", text="x")),
    )  # fmt: skip
    for user in (ANALYST, VIEWER, ann, GROUP_A):
        for lead in leads:
            with pytest.raises(NotAllowed, match=r"class\.may_not\.teach"):
                lead(user)
    for user in (ANALYST, VIEWER, INSTRUCTOR):
        with pytest.raises(NotAllowed, match=r"class\.may_not\.join"):
            store.join(user, klass.code, "x")
    for user in (ANALYST, VIEWER, GROUP_A):
        assert store.classes(user) == ()
        for look in (store.training_class, store.groups, store.members, store.hints, store.quiz_answers, store.marks,
                     store.remarks, store.key, store.submit):  # fmt: skip
            with pytest.raises(BadInput, match=r"class\.missing\.class"):
                look(user, klass.id)  # type: ignore[operator]


def test_a_class_that_has_ended_is_over(sqlite_store: Store) -> None:
    store, klass = sqlite_store, begun(sqlite_store, opened(sqlite_store))
    ann = seated(store, klass, 1)
    assert store.end_class(INSTRUCTOR, klass.id) == store.end_class(INSTRUCTOR, klass.id)
    member = store.members(INSTRUCTOR, klass.id)[0]
    group = store.groups(INSTRUCTOR, klass.id)[0]
    with pytest.raises(BadInput, match=r"class\.missing\.code"):
        store.join(person(2), klass.code, "x")
    deeds = (
        lambda: store.start_stage(INSTRUCTOR, klass.id, Stage.WHY, minutes=1), lambda: store.submit(ann, klass.id),
        lambda: store.extend(INSTRUCTOR, klass.id, 1), lambda: store.reveal(INSTRUCTOR, klass.id),
        lambda: store.add_group(INSTRUCTOR, klass.id, "C"), lambda: store.place(INSTRUCTOR, member.id, ""),
        lambda: store.rename_group(INSTRUCTOR, group.id, "C"), lambda: store.take_hint(ann, klass.id),
        lambda: store.bet(ann, klass.id, 0.5), lambda: store.collect(INSTRUCTOR, klass.id),
        lambda: store.answer_quiz(ann, klass.id, "q", "nominal"), lambda: store.create_issue(ann, "x"),
    )  # fmt: skip
    for deed in deeds:
        with pytest.raises(BadInput, match=r"class\.gate\.ended"):
            deed()
    assert store.classes(ann) and store.members(ann, klass.id) == (member,)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (lambda s, k, a: s.start_stage(INSTRUCTOR, k.id, Stage.WHY, minutes=0), "minutes"),
        (lambda s, k, a: s.start_stage(INSTRUCTOR, k.id, Stage.WHY, minutes=float("nan")), "minutes"),
        (lambda s, k, a: s.start_stage(INSTRUCTOR, k.id, "lunch", minutes=1), "stage"),
        (lambda s, k, a: s.extend(INSTRUCTOR, k.id, 1), "not_begun"),
        (lambda s, k, a: s.submit(a, k.id), "not_begun"),
        (lambda s, k, a: s.bet(a, k.id, 1.2), "confidence"),
        (lambda s, k, a: s.answer_quiz(a, k.id, "q", "ratio"), "level"),
        (lambda s, k, a: s.mark(INSTRUCTOR, Mark(class_id=k.id, group=f"{k.code}-A", criterion="depth", points=26)),
         "points"),
        (lambda s, k, a: s.open_class(INSTRUCTOR, replace(k, id="x"), KEY, []), "groups"),
        (lambda s, k, a: s.open_class(INSTRUCTOR, replace(k, id="x"), KEY, ["A", "a "]), "name_taken"),
        (lambda s, k, a: s.open_class(INSTRUCTOR, replace(k, id="x", title=" "), KEY, ["A"]), "blank"),
        (lambda s, k, a: s.remove_group(INSTRUCTOR, s.groups(INSTRUCTOR, k.id)[0].id), "group_in_use"),
        (lambda s, k, a: s.place(INSTRUCTOR, s.members(a, k.id)[0].id, "elsewhere"), r"missing\.group"),
        (lambda s, k, a: s.place(INSTRUCTOR, "nobody", ""), r"missing\.member"),
        (lambda s, k, a: s.training_class(INSTRUCTOR, "none"), r"missing\.class"),
    ],
)  # fmt: skip
def test_what_cannot_be_done(sqlite_store: Store, deed: Callable[..., object], said: str) -> None:
    klass = opened(sqlite_store)
    ann = seated(sqlite_store, klass, 1)
    with pytest.raises(BadInput, match=rf"class\.(form|gate)\.{said}|class\.{said}"):
        deed(sqlite_store, klass, ann)


def test_codes_that_were_given_are_not_given_again(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["AAAAAA", "AAAAAA", "AAAAAA", "BBBBBB"])
    monkeypatch.setattr(class_rules, "new_code", lambda: next(codes))
    first = opened(sqlite_store)
    sqlite_store.end_class(INSTRUCTOR, first.id)  # its groups still have work under its code
    assert opened(sqlite_store, title="Tuesday").code == "BBBBBB"


def test_a_group_has_its_own_key_whatever_it_is_called(sqlite_store: Store) -> None:
    store, klass = sqlite_store, opened(sqlite_store)
    first = store.groups(INSTRUCTOR, klass.id)[0]
    renamed = store.rename_group(INSTRUCTOR, first.id, "红队")
    again = store.add_group(INSTRUCTOR, klass.id, "A")
    assert (renamed.key, again.key) == (first.key, f"{first.key}-2")
    store.remove_group(INSTRUCTOR, again.id)
    assert [group.name for group in store.groups(INSTRUCTOR, klass.id)] == ["红队", "B"]


def test_time_that_is_over_closes_a_stage_only_where_it_shall(sqlite_store: Store) -> None:
    store, klass = sqlite_store, opened(sqlite_store)
    ann = seated(store, klass, 1)
    for locks in (False, True):
        store.start_stage(INSTRUCTOR, klass.id, Stage.DATA_PROBLEM, minutes=0.0001, locks_at_end=locks)
        time.sleep(0.02)
        if locks:
            with pytest.raises(BadInput, match="stage_closed"):
                store.create_issue(ann, "late")
        else:
            store.create_issue(ann, "late but taken")
    store.unlock_stage(INSTRUCTOR, klass.id, Stage.DATA_PROBLEM)
    store.create_issue(ann, "let in again")
    store.start_stage(INSTRUCTOR, klass.id, Stage.DATA_PROBLEM, minutes=0.0001, locks_at_end=True)
    store.extend(INSTRUCTOR, klass.id, 5)
    assert store.create_issue(ann, "more time").group == f"{klass.code}-A"


def test_two_who_save_at_once(store: Store) -> None:
    """The second learns of the first; a stage started in between is no change of the title."""
    klass = opened(store)
    begun(store, klass, Stage.DATA_PROBLEM)
    assert store.save_class(INSTRUCTOR, replace(klass, title="Tuesday")).version == 2
    other = replace(INSTRUCTOR, id="u9", name="Ma Li")
    with pytest.raises(Conflict) as error:
        store.save_class(other, replace(klass, title="Wednesday"))
    titles = (difference.field for difference in error.value.differences)
    assert set(titles) == {"title"} and store.training_class(INSTRUCTOR, klass.id).title == "Tuesday"
    mark = Mark(class_id=klass.id, group=f"{klass.code}-A", criterion="depth", points=10.0)
    saved = store.mark(INSTRUCTOR, mark)
    with pytest.raises(Conflict):
        store.mark(other, replace(mark, points=20.0))
    assert store.mark(other, replace(saved, points=20.0)).version == 2
    assert [mark.points for mark in store.marks(INSTRUCTOR, klass.id)] == [20.0]


def test_a_stage_of_a_newer_program_does_not_hide_the_class(sqlite_store: Store) -> None:
    klass = begun(sqlite_store, opened(sqlite_store))
    with transaction(sqlite_store.engine) as connection:
        connection.execute(text("""UPDATE workshop_class SET stage = 'rest', open = '["why","rest"]'"""))
    (found,) = sqlite_store.classes(INSTRUCTOR)
    assert (found.id, found.stage, found.open) == (klass.id, None, (Stage.WHY,))
