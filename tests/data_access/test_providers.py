"""Each sign-in service gives what is written beside it at most; a named one that nothing is written of, nothing."""

from __future__ import annotations

from typing import Any

import pytest

from data_access.access import NotAllowed, Role, Scope, User
from data_access.providers import admitted, providers_of
from data_access.selection import Filter

NOW = 1_790_000_000.0
ADMIN = {"sub": "li", "iat": NOW, "satrace_roles": ["admin", "viewer"], "satrace_scope": "*"}
OWN = {"client_id": "a", "redirect_uri": "https://x/oauth2callback"}
PARTNER = {"client_id": "b", "satrace_roles": ["viewer", "analyst"], "satrace_scope": {"team": ["A", "B"]}}


def comes(auth: dict[str, Any], **claims: Any) -> User:
    return admitted({**ADMIN, **claims}, providers_of(auth), now=NOW)


def test_the_own_service_gives_what_it_says() -> None:
    assert comes(OWN) == comes(OWN, provider="default")
    assert (comes(OWN).id, comes(OWN).roles, comes(OWN).scope) == ("li", {Role.ADMIN, Role.VIEWER}, Scope())


def test_the_own_service_can_be_limited_too() -> None:
    assert comes({**OWN, "satrace_roles": "viewer"}).roles == {Role.VIEWER}


def test_a_partner_makes_no_admin_and_opens_no_more_than_its_part() -> None:
    found = comes({**OWN, "partner": PARTNER}, provider="partner")
    assert (found.id, found.roles) == ("partner:li", {Role.VIEWER})
    assert found.scope == Scope((Filter("team", ("A", "B")),))


def test_what_both_let_through_is_open() -> None:
    found = comes({"partner": PARTNER}, provider="partner", satrace_scope={"team": ["B", "C"], "region": "north"})
    assert found.scope == Scope((Filter("region", ("north",)), Filter("team", ("B",))))
    outside = comes({"partner": PARTNER}, provider="partner", satrace_scope={"team": ["C"]})
    assert outside.scope == Scope((Filter("team", ()),))


def test_nobody_at_one_service_is_somebody_at_another() -> None:
    auth = {**OWN, "main": {**PARTNER}, "partner": PARTNER}
    assert len({comes(auth, provider=name).id for name in ("default", "main", "partner")}) == 3


@pytest.mark.parametrize("missing", ["satrace_roles", "satrace_scope"])
def test_a_named_service_of_which_not_all_is_written_lets_nobody_in(missing: str) -> None:
    for section in ({k: v for k, v in PARTNER.items() if k != missing}, {**PARTNER, missing: [{}]}):
        with pytest.raises(NotAllowed, match="no_provider"):
            comes({**OWN, "partner": section}, provider="partner")


@pytest.mark.parametrize("name", ["partner", "", None, 3, "client_id"])
def test_a_service_that_is_not_set_up_lets_nobody_in(name: object) -> None:
    with pytest.raises(NotAllowed, match="no_provider"):
        comes(OWN, provider=name)
    with pytest.raises(NotAllowed, match="no_provider"):
        comes({"main": PARTNER})


def test_a_role_that_the_service_may_not_give_is_no_role() -> None:
    with pytest.raises(NotAllowed, match="no_role"):
        comes({"partner": PARTNER}, provider="partner", satrace_roles=["admin"])


def test_titles_by_language() -> None:
    said = {"main": {**PARTNER, "satrace_title": {"en": "Staff", "zh-CN": "员工"}}, "partner": PARTNER,
            "third": {**PARTNER, "satrace_title": "Guests"}}  # fmt: skip
    found = [(one.title("en"), one.title("zh-CN")) for one in providers_of(said).values()]
    assert found == [("Staff", "员工"), ("partner", "partner"), ("Guests", "Guests")]


@pytest.mark.parametrize(("written", "means"), [(None, None), ("often", None), (True, None), (60, 60.0), (0, 5.0)])
def test_how_often_a_service_is_asked(written: object, means: float | None) -> None:
    assert providers_of({**OWN, "satrace_ask_again": written})["default"].ask_again_s == means
