"""The store goes away, or is none any more, in the middle of work: one sentence, and what was typed is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from tests.pages.act.conftest import field
from tests.pages.conftest import OpenPage
from tests.pages.explain.trace.conftest import ME, button

TYPED = "先告知再改"


def complaints(app: AppTest) -> list[str]:
    """What is said in the place of the page."""
    assert not app.exception
    return sorted({said.value for said in (*app.warning, *app.error)})


def test_what_was_typed_while_the_store_was_away_is_kept_when_it_is_back(
    open_page: OpenPage, store: Store, traced: Trace, tmp_path: Path
) -> None:
    app = open_page("trace", lang="zh-CN", issue=traced.issue.id)
    button(app, "plan.add").click().run()
    field(app, "text_input", "action").set_value(TYPED)
    field(app, "selectbox", "owner").select("billing")
    file = tmp_path / "workshop.sqlite"
    file.rename(tmp_path / "elsewhere.sqlite")
    assert len(complaints(app.run())) == 1 and "workshop.sqlite" in complaints(app)[0]
    (tmp_path / "elsewhere.sqlite").rename(file)
    assert complaints(app.run()) == []
    assert field(app, "text_input", "action").value == TYPED and field(app, "selectbox", "owner").value == "billing"
    assert {draft.content for draft in store.drafts.of(ME, traced.issue.id)} == {TYPED, "billing"}
    button(app, "plan.save").click().run()
    assert complaints(app) == [] and TYPED in {plan.action for plan in store.plans(ME, traced.issue.id)}
    assert [draft.field for draft in store.drafts.of(ME, traced.issue.id)] == ["owner"]  # of the form of the cause


@pytest.mark.parametrize("key", ["plan.save", "issue.delete", "save.why"])
def test_what_is_pressed_while_the_store_is_broken_ends_in_one_sentence(
    key: str, open_page: OpenPage, store: Store, traced: Trace, tmp_path: Path
) -> None:
    app = open_page("trace", lang="zh-CN", issue=traced.issue.id)
    button(app, "plan.add").click().run()
    store.engine.dispose()
    for file in tmp_path.glob("workshop.sqlite*"):
        file.unlink()
    (tmp_path / "workshop.sqlite").write_bytes(b"no database " * 1_000)
    button(app, key).click().run()
    assert len(complaints(app)) == 1
