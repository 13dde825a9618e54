"""A class does many things at the same moment: nobody is there twice, and nothing slips in beside handing in."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from data_access.statement import Problem
from data_access.workshop.store import Store
from tests.data_access.workshop.class_fixtures import begun, opened, person, seated
from tests.data_access.workshop.conftest import INSTRUCTOR, a_why, evidence


@pytest.mark.prove
def test_thirty_who_join_at_once(store: Store) -> None:
    klass = opened(store)
    people = [person(number) for number in range(30)]
    with ThreadPoolExecutor(30) as pool:
        list(pool.map(lambda user: store.join(user, klass.code, user.name), people))
        same = list(
            pool.map(lambda user: tried(lambda: store.join(user, klass.code, "Li")), map(person, range(30, 60)))
        )
        store.join(people[0], klass.code, "again")
    members = store.members(INSTRUCTOR, klass.id)
    assert len({member.user_id for member in members}) == len({member.name for member in members}) == 31
    assert sorted(map(str, same)).count("class.form.name_taken") == 29
    with ThreadPoolExecutor(30) as pool:
        list(pool.map(lambda user: store.choose_group(user, klass.id, f"{klass.code}-A"), people))
    assert sum(bool(member.group) for member in store.members(INSTRUCTOR, klass.id)) == 30


@pytest.mark.prove
def test_a_group_that_does_everything_at_once(store: Store) -> None:
    """Ten members begin, take hints and hand in at the same moment: one issue with all pins, each hint once, one
    moment of handing in, and nothing after it."""
    klass = begun(store, opened(store))
    group = [seated(store, klass, number) for number in range(10)]
    pins = [evidence(data_version=str(number)) for number in range(10)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda user, pin: store.begin(user, "3G", pin, (), once=True), group, pins))
        (issue,) = store.issues(group[0])
        assert len(store.pins(group[0], issue.id)) == 10
        both = [*(partial(store.begin, user, "3G", evidence(data_version="x"), (), once=True) for user in group),
                *(partial(store.save_why, user, a_why(issue)) for user in group)]  # fmt: skip
        assert [key for key in pool.map(tried, random.sample(both, 20)) if isinstance(key, str)] == []
        assert store.groups(group[0], klass.id)[0].answer == issue.id
        list(pool.map(lambda user: tried(lambda: store.take_hint(user, klass.id)), group))
        assert [hint.number for hint in store.hints(group[0], klass.id)] == [1, 2]
        deeds: list[Callable[[], object]] = [
            *(partial(store.submit, user, klass.id) for user in group[:5]),
            *(partial(store.pin, user, issue.id, evidence(data_version="late")) for user in group[5:]),
        ]
        list(pool.map(tried, deeds))
    (handed_in,) = store.groups(group[0], klass.id)
    history = store.history(group[0], issue.id)
    assert [entry.action for entry in history].count("submitted") == 1 and history[0].action == "submitted"
    assert handed_in.submitted_at and handed_in.answer == issue.id


@pytest.mark.prove
def test_a_group_that_moves_while_it_hands_in(store: Store) -> None:
    """Placing and collecting meet what members do: each is whole, and what is handed in has its moment."""
    klass = begun(store, opened(store))
    people = [seated(store, klass, number, number % 2) for number in range(8)]
    members = {member.user_id: member for member in store.members(INSTRUCTOR, klass.id)}
    keys = [group.key for group in store.groups(INSTRUCTOR, klass.id)]
    moves = [partial(store.place, INSTRUCTOR, members[user.id].id, keys[0]) for user in people]
    work = [partial(store.begin, user, "3G", evidence(), (), once=True) for user in people]
    work += [partial(store.take_hint, user, klass.id) for user in people]
    ends = [partial(store.collect, INSTRUCTOR, klass.id), partial(store.submit, people[0], klass.id)]
    with ThreadPoolExecutor(26) as pool:
        refused = [key for key in pool.map(tried, [*moves, *work, *ends]) if isinstance(key, str)]
    assert set(refused) <= {"class.gate.submitted", "class.gate.no_group", "class.gate.no_more_hints"}
    assert all(group.submitted_at for group in store.groups(INSTRUCTOR, klass.id))
    assert {member.group for member in store.members(INSTRUCTOR, klass.id)} == {keys[0]}
    assert all(len([i for i in store.issues(INSTRUCTOR) if i.group == key]) <= 1 for key in keys)


def tried(deed: Callable[[], object]) -> object:
    """What came of it: an answer, or the key of the refusal. Anything else is a mistake of the program."""
    try:
        return deed()
    except Problem as problem:
        return problem.statement.key
