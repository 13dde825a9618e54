"""What a form says of what is typed never moves its fields: a list that somebody has open would close."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from data_access.selection import Filter
from data_access.workshop.records import Pin
from data_access.workshop.store import Store
from tests.pages.act.conftest import field
from tests.pages.conftest import OpenPage
from tests.pages.explain.trace.conftest import begun, button

LISTS = ("selectbox", "multiselect", "number_input", "date_input")
Place = tuple[tuple[int, ...], str]


def places(app: AppTest) -> dict[str, Place]:
    """Where each list of a page stands in what the browser draws, and as which widget."""
    return dict(_within(app.main, ()))


def _within(block: Block, path: tuple[int, ...]) -> Iterator[tuple[str, Place]]:
    for place, child in block.children.items():
        if isinstance(child, Block):
            yield from _within(child, (*path, place))
        elif child.type in LISTS:
            widget: Any = child
            yield widget.key, ((*path, place), widget.id)


def test_a_plan_that_is_written_keeps_its_lists_where_they_are(open_page: OpenPage, store: Store, drop: Pin) -> None:
    issue = begun(store, drop, (Filter("sub_type", ("5g_bill",)),), cause="Rule", cause_type="business_rule").id
    app = open_page("trace", lang="en", issue=issue)
    button(app, "step.solution").click().run()
    owner, before = field(app, "selectbox", "owner"), places(app)
    typed = (
        ("number_input", "target_value", None),  # the gain can no longer be said
        ("number_input", "target_value", 95.0),  # another gain is proposed
        ("selectbox", "remedy", field(app, "selectbox", "remedy").options[1]),  # other fields are suggested
        ("text_input", "action", "Tell first"),
        ("selectbox", "segment", ""),
    )
    for kind, name, content in typed:
        widget = field(app, kind, name)
        widget.set_value(content) if kind != "selectbox" or not content else widget.select(content)
        app.run()
        assert places(app) == before, name
    assert owner.key in before and len(before) >= 8 and not app.exception
