"""What data and people say is shown as it stands on every page: never as a picture, a link, bold or a formula."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from data_access.access import local_analyst
from data_access.workshop.records import Issue, Milestone, Plan
from data_access.workshop.store import open_store

from .conftest import OpenPage, fields_with_text, figure_words

TRICKS = (
    "![h](http://evil.test/p.png)",
    "[l](http://evil.test)",
    "http://evil.test/auto",
    "www.evil.test",
    "me@evil.test",
    ":red[r]",
    ":smile:",
    ":material/home:",
    "$x^2$",
    "**b**",
    "`c`",
    "~~s~~",
    "<b>x</b>",
    "<a href='http://evil.test'>y</a>",
    "&copy;",
)
EVIL = " ".join(TRICKS)
SHORT = EVIL[60:250]
PAGES = ("overview", "contribution", "change", "contrast", "correlation", "drivers", "trace", "workshop", "data",
         "plans?way=board", "plans?way=table", "plans?way=timeline", "plans?way=blocks", "plans?way=months",
         "plans?way=promises")  # fmt: skip
MARKDOWN = {"body", "label", "help", "text", "captions", "content", "title", "element_label"}
PLAIN = {
    "selectbox",
    "multiselect",
    "number_input",
    "text_input",
    "text_area",
    "code",
    "arrow_data_frame",
    "dataframe",
}
DRAWN = ("text", "title", "name", "ticktext", "hovertemplate")
FIGURE_TAG = re.compile(r"</?(?!(?:b|br|span|extra)\b)[a-z]|<b>x", re.IGNORECASE)
MODEL = """
table = "calls"
contact_id = "id"
customer_id = "customer"
comment = "comment"
score = {{ column = "score", scale = [1, 5], satisfied_from = 4, dissatisfied_to = 2, labels = {{ en = {score} }} }}
time = {{ column = "day" }}
cluster = "team"
[dimensions]
team = {{ column = "team", labels = {{ en = {team} }} }}
kind = {{ column = "kind", labels = {{ en = {kind} }} }}
[drivers]
wait = {{ column = "wait", labels = {{ en = {wait} }} }}
talk = {{ column = "talk", labels = {{ en = {talk} }} }}
[metrics]
solved = {{ column = "solved", labels = {{ en = {solved} }} }}
[reasons]
reason = {{ column = "reason", labels = {{ en = {reason} }} }}
[presets]
ask = {{ columns = ["score", "wait"], within = ["kind"], labels = {{ en = {ask} }} }}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file and its model: every name and every value is a trick."""
    folder = tmp_path_factory.mktemp("hostile")
    names = {n: json.dumps(f"{n} {EVIL}") for n in re.findall(r"\{(\w+)\} ", MODEL)}
    (folder / "model.toml").write_text(MODEL.format(**names), encoding="utf-8")
    with (folder / "calls.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["id", "customer", "day", "score", "team", "kind", "wait", "talk", "solved", "reason", "comment"]
        )
        for i in range(900):
            low = i % 7 == 0
            writer.writerow([
                f"{i} {EVIL}", f"{i // 2} {EVIL}", f"2026-{8 + i % 3:02}-{1 + i % 27:02}", 1 if low else 3 + i % 3,
                f"t{i % 7} {EVIL}", f"k{i % 3} {EVIL}", i * 37 % 90 + 40 * low, i * 17 % 300, int(not low),
                f"r{i % 4} {EVIL}" if low else "", f"{i} {EVIL}",
            ])  # fmt: skip
    return folder / "calls.csv", folder / "model.toml"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_takes_text_for_markup(
    page: str, hostile: tuple[Path, Path], open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, model = hostile
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(file))
    monkeypatch.setenv("SATRACE_MODEL", str(model))
    page, _, way = page.partition("?way=")
    issue = _issue(tmp_path) if page in ("trace", "workshop", "plans") else None
    asked = {"way": way, "text": "large"} if way else {"issue": issue.id} if issue else {}
    app = open_page(page, lang="en", depth="advanced", team=f"t1 {EVIL}", bogus=EVIL[:60], **asked)
    if page == "data":
        app.file_uploader[0].set_value((f"{EVIL[:20].replace('/', '')}.csv", _with_header(file), "text/csv")).run()
    assert not app.exception and not app.error
    assert "\n".join(sorted(set(_taken(app)))) == ""


def _issue(folder: Path) -> Issue:
    store, me = open_store(f"sqlite:///{folder / 'workshop.sqlite'}"), local_analyst()
    issue = replace(store.create_issue(me, SHORT, notes=EVIL), cause=SHORT, location_reason=SHORT)
    issue = store.save_issue(me, issue)
    day, common = date.today(), {"issue_id": issue.id, "action": SHORT, "owner": SHORT, "person": SHORT}
    plan = store.save_plan(me, Plan(**common, blocker=EVIL, due=day, start=day, milestones=(Milestone(SHORT, day),)))
    store.save_plan(me, replace(plan, due=day - timedelta(days=3)))
    store.save_plan(me, Plan(**common, expected_lift=0.1, cycle_of=plan.id))
    return issue


def _with_header(file: Path) -> bytes:
    return file.read_bytes().replace(b"team", f'"{EVIL}"'.encode(), 1)


def _taken(app: AppTest) -> Iterator[str]:
    """Every text in which a trick stands as it was given where Markdown or a figure reads it."""
    for kind, text in _read(app._tree):
        as_markdown = [trick for trick in TRICKS if re.search(rf"(?<!\\){re.escape(trick)}", text)]
        tricks = FIGURE_TAG.findall(text) if kind == "plotly_chart" else as_markdown
        if tricks:
            yield f"{kind}: {', '.join(tricks)} in {text.replace(EVIL, '...')[:200]}"


def _read(block: Any) -> Iterator[tuple[str, str]]:
    for child in block.children.values():
        proto = getattr(child, "proto", None)
        if getattr(child, "children", None) is not None:
            yield from ((child.type, text) for text in _markdown(proto, child.type)) if proto is not None else ()
            yield from _read(child)
        elif child.type == "plotly_chart":
            yield from ((child.type, text) for text in figure_words(json.loads(proto.spec), DRAWN))
        elif child.type == "table":
            yield from ((child.type, str(text)) for text in (*child.value.columns, *child.value.to_numpy().ravel()))
        else:
            yield from ((child.type, text) for text in _markdown(proto, child.type))


def _markdown(proto: Message, kind: str) -> Iterator[str]:
    for field, text in fields_with_text(proto):
        if field in MARKDOWN or (field == "options" and kind not in PLAIN):
            yield text
