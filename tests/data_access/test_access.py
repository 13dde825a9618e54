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

NOW = 1_790_000_000.0


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


def user_of(**claims: object) -> User:
    """Somebody who has just signed in, with a role and all data unless the claims say otherwise."""
    return user_from_claims(
        {"sub": "a", "iat": NOW, "satrace_roles": ["viewer"], "satrace_scope": "*", **claims}, now=NOW
    )


def test_claims_in_full() -> None:
    claims = {
        "sub": "abc",
        "iat": NOW - 60,
        "email": "li@example.com",
        "name": "李娜",
        "satrace_roles": ["analyst", "Instructor"],
        "satrace_scope": {"team": ["A", 7, None], "region": "north"},
        "satrace_groups": "A",
    }
    assert user_from_claims(claims, now=NOW) == User(
        "abc",
        "李娜",
        frozenset({Role.ANALYST, Role.INSTRUCTOR}),
        Scope((Filter("region", ("north",)), Filter("team", ("A", "7", None)))),
        frozenset({"A"}),
    )


def test_a_user_is_hashable_so_that_it_can_key_a_cache() -> None:
    assert hash(user_of()) == hash(user_of())


@pytest.mark.parametrize("roles", [None, [], "boss", ["boss", 3], {"analyst": True}, 7])
def test_nobody_without_a_role(roles: object) -> None:
    with pytest.raises(NotAllowed, match="no_role"):
        user_of(satrace_roles=roles)


def test_an_unknown_role_takes_nothing_from_a_known_one() -> None:
    assert user_of(satrace_roles=["boss", "analyst"]).roles == {Role.ANALYST}


def test_name_and_id_fall_back_to_the_address() -> None:
    found = user_of(sub=None, email="li@example.com")
    assert (found.id, found.name) == ("li@example.com", "li@example.com")


@pytest.mark.parametrize("issued", [NOW - 8 * 3600 - 1, None, "yesterday", True, float("nan")])
def test_an_old_sign_in_lets_nobody_in(issued: object) -> None:
    with pytest.raises(NotAllowed, match="too_old"):
        user_of(iat=issued)


@pytest.mark.parametrize("scope", [None, {}, "", "  ", "{}", "null"])
def test_no_scope_opens_nothing_unless_that_is_asked_for(scope: object) -> None:
    with pytest.raises(NotAllowed, match="no_scope"):
        user_of(satrace_scope=scope)
    claims = {"sub": "a", "iat": NOW, "satrace_roles": "viewer", "satrace_scope": scope}
    assert user_from_claims(claims, open_scope=True, now=NOW).scope == Scope()


@pytest.mark.parametrize("claims", [{}, {"sub": "  "}, {"sub": None, "email": ""}, {"name": "Li"}])
def test_nobody_without_identity(claims: dict[str, object]) -> None:
    with pytest.raises(NotAllowed, match="no_identity"):
        user_from_claims(claims)


def test_a_scope_may_arrive_as_text() -> None:
    assert user_of(satrace_scope='{"team": ["A"]}').scope == Scope((Filter("team", ("A",)),))


@pytest.mark.parametrize("scope", ["team=A", [], ["A"], 3, '["A"]', {"": ["A"]}, {"team": {"A": 1}}, {3: ["A"]}])
def test_an_unreadable_scope_opens_nothing(scope: object) -> None:
    with pytest.raises(NotAllowed, match="scope_unreadable"):
        user_of(satrace_scope=scope)


def test_an_empty_list_of_teams_lets_nothing_through() -> None:
    scope = user_of(satrace_scope={"team": []}).scope
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
