"""Names with line breaks, tabs, turned writing and no end stand on one line everywhere, and can each be chosen."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.selection import Filter
from data_access.workshop.store import open_store
from pages.frame.open_mark import OPEN
from tests.pages.conftest import Downloads, OpenPage, figure_words, strings
from tests.pages.explain.trace.conftest import ME, button

ODD = "one\ntwo\tthree \u202edruow\u202c 👩\u200d👩\u200d👧"
LONG = ODD + " and so on" * 500
MEMBERS = (LONG, f"{LONG}!", ODD, "plain")
MODEL = f"""
table = "calls"
score = {{ column = "score", scale = [1, 5], satisfied_from = 4, dissatisfied_to = 2 }}
time = {{ column = "day" }}
[dimensions]
kind = {{ column = "kind", labels = {{ en = {json.dumps(f"kind {LONG}", ensure_ascii=False)} }} }}
[reasons]
reason = {{ column = "reason" }}
[tables]
events = "events"
"""


@pytest.fixture
def odd(open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose kinds and reasons are called oddly; one of them falls in October."""
    (tmp_path / "model.toml").write_text(MODEL.partition("[tables]")[0], encoding="utf-8")
    with (tmp_path / "calls.csv").open("w", newline="", encoding="utf-8") as file:
        write = csv.writer(file).writerow
        write(["day", "score", "kind", "reason"])
        for place in range(1_220):
            day, kind = date(2026, 9, 1) + timedelta(days=place // 20), MEMBERS[place % 4]
            low = place % 4 == 0 and day > date(2026, 10, 9)
            write([day, 1 if low else 3 + place % 3, kind, f"reason {ODD}" if low else ""])
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(tmp_path / "calls.csv"))
    monkeypatch.setenv("SATRACE_MODEL", str(tmp_path / "model.toml"))


def shown(block: Any) -> Iterator[str]:
    """Every text that is drawn, in tables and charts too."""
    for child in block.children.values():
        if getattr(child, "children", None) is not None:
            yield from strings(child.proto) if child.proto is not None else ()
            yield from shown(child)
        elif child.type == "plotly_chart":
            yield from figure_words(json.loads(child.proto.spec))
        elif child.type in ("arrow_data_frame", "dataframe", "table"):
            yield from map(str, (*child.value.columns, *child.value.to_numpy().ravel()))
        elif child.type not in ("code", "html"):
            yield from strings(child.proto)


def broken(app: AppTest) -> list[str]:
    assert not app.exception and not app.error, [e.value for e in (*app.exception, *app.error)]
    signs = ("one\n", "two\t", "\u202e", "and so on " * 15)
    return [text[:200] for text in shown(app._tree) if any(sign in text for sign in signs)]


def test_every_page_names_it_on_one_line(odd: None, open_page: OpenPage, downloads: Downloads) -> None:
    asked = {"lang": "en", "from": "2026-10-01", "to": "2026-11-01"}
    app = open_page("contribution", **asked, by="kind", depth="advanced")
    assert broken(app) == [] and app.multiselect
    app.session_state[OPEN] = ("contribution", ((Filter("kind", (LONG,)),), None))
    assert broken(app.run()) == [] and "one two three druow" in " ".join(m.value for m in app.markdown)
    for name, make in downloads.items():
        if name.endswith(".xlsx"):
            sheets = openpyxl.load_workbook(BytesIO(make()))
            assert not any("\n" in str(c.value) for sheet in sheets for row in sheet for c in row if c.value)
    assert broken(open_page("overview", **asked)) == []
    assert broken(open_page("change", **asked, by="kind")) == []
    app = open_page("overview", **asked, kind=f"{LONG}!")
    (chosen,) = (m for m in app.multiselect if m.key == "filter.kind")
    assert chosen.value == [f"{LONG}!"] and len(set(chosen.options)) == 4 and broken(app) == []


def test_an_issue_of_such_a_segment_is_one_line(odd: None, open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("contribution", lang="en", by="kind", **{"from": "2026-10-01", "to": "2026-11-01"})
    app.session_state[OPEN] = ("contribution", ((Filter("kind", (LONG,)),), None))
    button(app.run(), "trace.panel").click().run()
    store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    (issue,) = store.issues(ME)
    store.engine.dispose()
    assert issue.path == (Filter("kind", (LONG,)),)
    for page in ("trace", "workshop"):
        assert broken(open_page(page, lang="en", issue=issue.id)) == []
