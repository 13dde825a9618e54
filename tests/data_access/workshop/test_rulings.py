"""A person overrules a verdict: it stands once a second person, told apart as people read names, confirms it."""

from __future__ import annotations

import pytest

from data_access.access import NotAllowed, User, local_analyst
from data_access.statement import BadInput, Problem
from data_access.workshop.records import Verdict
from data_access.workshop.standing import standing
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import ANALYST, GROUP_B, INSTRUCTOR, VIEWER, key_of
from tests.data_access.workshop.test_following import done, effect_of, ruling_of


class TestRulings:
    def test_a_ruling_stands_once_another_person_confirms_it(self, store: Store) -> None:
        plan = done(store)
        look = store.add_look(ANALYST, effect_of(plan))
        said = store.overrule(ANALYST, ruling_of(plan, second="Forged", second_id="u9"))
        assert (said.second, said.second_at) == ("", None)

        def verdict() -> Verdict | None:
            (trace,) = store.traces(ANALYST, plan.issue_id)
            stands = standing(plan, trace.looks, trace.rulings)
            return stands and stands.verdict

        assert verdict() is look.verdict
        for nobody in (ANALYST, VIEWER):
            with pytest.raises(NotAllowed):
                store.confirm_ruling(nobody, said.id, name="Somebody Else")
        assert store.confirm_ruling(INSTRUCTOR, said.id).second == "Wang Wei"
        assert verdict() is Verdict.EFFECTIVE
        newer = store.overrule(INSTRUCTOR, ruling_of(plan, verdict=Verdict.NOT_EFFECTIVE))
        assert verdict() is Verdict.EFFECTIVE
        store.confirm_ruling(ANALYST, newer.id)
        assert verdict() is Verdict.NOT_EFFECTIVE
        store.withdraw_ruling(ANALYST, newer.id)
        assert verdict() is Verdict.EFFECTIVE
        with pytest.raises(BadInput):
            store.confirm_ruling(INSTRUCTOR, newer.id)
        assert [ruling.id for ruling in store.rulings(VIEWER, plan.issue_id)] == [said.id, newer.id]
        deeds = [entry.action for entry in store.history(ANALYST, plan.issue_id) if entry.kind == "ruling"]
        assert deeds == ["withdrawn", "confirmed", "added", "confirmed", "added"]

    def test_without_sign_in_the_second_is_another_name(self, sqlite_store: Store) -> None:
        plan = done(sqlite_store)
        local = local_analyst()
        said = sqlite_store.overrule(local, ruling_of(plan, created_by="Li Na"))
        assert said.created_by == "Li Na"
        wrong: list[tuple[str | None, type[Problem]]] = [
            (None, BadInput),
            (" ", BadInput),
            ("\u200b\u3164", BadInput),
            ("x" * 201, BadInput),
        ]
        wrong += [(name, NotAllowed) for name in ("li na ", "Li  Na", "Li Na\u200b", "Ｌｉ Ｎａ", "LiNa", "Li\nNa")]
        for name, problem in wrong:
            with pytest.raises(problem):
                sqlite_store.confirm_ruling(local, said.id, name=name)
        assert sqlite_store.confirm_ruling(local, said.id, name="Wang Wei").second == "Wang Wei"

    @pytest.mark.parametrize("changes", [{"reason": "\u200b\u3000\u2060"}, {"created_by": "x" * 201}])
    def test_what_a_ruling_may_not_say(self, sqlite_store: Store, changes: dict[str, object]) -> None:
        with pytest.raises(BadInput):
            sqlite_store.overrule(local_analyst(), ruling_of(done(sqlite_store), **changes))

    def test_who_may_not_rule(self, sqlite_store: Store) -> None:
        plan = done(sqlite_store)
        deeds: list[tuple[User, type[Problem]]] = [(VIEWER, NotAllowed), (GROUP_B, BadInput)]
        for user, problem in deeds:
            with pytest.raises(problem):
                sqlite_store.overrule(user, ruling_of(plan))
        with pytest.raises(BadInput) as error:
            sqlite_store.overrule(ANALYST, ruling_of(plan, reason="  "))
        assert key_of(error) == "workshop.form.blank"
