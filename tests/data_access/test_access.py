"""Claims become users with no more rights than they say; rights follow from roles alone."""

import pytest

from data_access.access import (
    NotAllowed,
    Role,
    Scope,
    User,
    local_analyst,
    may_close_issue,
    may_edit_issue,
    may_import,
    may_pin,
    may_see_rows,
    sees_every_group,
    user_from_claims,
)
from data_access.selection import Filter, Selection

RIGHTS = (may_pin, may_edit_issue, may_close_issue, may_import, may_see_rows, sees_every_group)


def user(*roles: Role) -> User:
    return User("1", "x", frozenset(roles))


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.VIEWER, (False, False, False, False, False, True)),
        (Role.ANALYST, (True, True, True, True, True, True)),
        (Role.PARTICIPANT, (True, True, False, False, True, False)),
        (Role.INSTRUCTOR, (True, True, True, True, True, True)),
        (Role.ADMIN, (True, True, True, True, True, True)),
    ],
)
def test_rights_of_each_role(role: Role, rights: tuple[bool, ...]) -> None:
    assert tuple(right(user(role)) for right in RIGHTS) == rights


def test_viewing_does_not_open_other_groups_to_a_participant() -> None:
    assert not sees_every_group(user(Role.PARTICIPANT, Role.VIEWER))
    assert sees_every_group(user(Role.PARTICIPANT, Role.INSTRUCTOR))


def test_the_local_user_is_an_analyst_who_sees_everything() -> None:
    assert (local_analyst().roles, local_analyst().scope) == (frozenset({Role.ANALYST}), Scope())


def test_claims_in_full() -> None:
    claims = {
        "sub": "abc",
        "email": "li@example.com",
        "name": "李娜",
        "satrace_roles": ["analyst", "Instructor"],
        "satrace_scope": {"team": ["A", 7, None], "region": "north"},
        "satrace_groups": "A",
    }
    assert user_from_claims(claims) == User(
        "abc",
        "李娜",
        frozenset({Role.ANALYST, Role.INSTRUCTOR}),
        Scope((Filter("region", ("north",)), Filter("team", ("A", "7", None)))),
        frozenset({"A"}),
    )


def test_a_user_is_hashable_so_that_it_can_key_a_cache() -> None:
    assert hash(user_from_claims({"sub": "a"})) == hash(user_from_claims({"sub": "a"}))


@pytest.mark.parametrize("roles", [None, [], "boss", ["boss", 3], {"analyst": True}, 7])
def test_unknown_roles_only_view(roles: object) -> None:
    assert user_from_claims({"sub": "a", "satrace_roles": roles}).roles == {Role.VIEWER}


def test_an_unknown_role_takes_nothing_from_a_known_one() -> None:
    assert user_from_claims({"sub": "a", "satrace_roles": ["boss", "analyst"]}).roles == {Role.ANALYST}


def test_name_and_id_fall_back_to_the_address() -> None:
    found = user_from_claims({"email": "li@example.com"})
    assert (found.id, found.name) == ("li@example.com", "li@example.com")


@pytest.mark.parametrize("claims", [{}, {"sub": "  "}, {"sub": None, "email": ""}, {"name": "Li"}])
def test_nobody_without_identity(claims: dict[str, object]) -> None:
    with pytest.raises(NotAllowed, match="no_identity"):
        user_from_claims(claims)


def test_a_scope_may_arrive_as_text() -> None:
    assert user_from_claims({"sub": "a", "satrace_scope": '{"team": ["A"]}'}).scope == Scope(
        (Filter("team", ("A",)),)
    )


@pytest.mark.parametrize("scope", ["team=A", "", [], ["A"], 3, '["A"]', {"": ["A"]}, {"team": {"A": 1}}, {3: ["A"]}])
def test_an_unreadable_scope_opens_nothing(scope: object) -> None:
    with pytest.raises(NotAllowed, match="scope_unreadable"):
        user_from_claims({"sub": "a", "satrace_scope": scope})


def test_an_empty_list_of_teams_lets_nothing_through() -> None:
    scope = user_from_claims({"sub": "a", "satrace_scope": {"team": []}}).scope
    assert Selection().within(scope.filters).values_of("team") == ()


@pytest.mark.parametrize(
    ("selection", "covered"),
    [
        (Selection(), False),
        (Selection().where("team", "A"), True),
        (Selection().where("team", "B", "A"), True),
        (Selection().where("team", "A", "C"), False),
        (Selection().where("team", None), False),
        (Selection().where("business", "3G"), False),
        (Selection().where("business", "3G").where("team", "B"), True),
    ],
)
def test_what_a_scope_covers(selection: Selection, covered: bool) -> None:
    assert Scope((Filter("team", ("A", "B")),)).covers(selection) is covered
    assert Scope().covers(selection)
