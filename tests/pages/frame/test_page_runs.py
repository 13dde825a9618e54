"""A part of a page is drawn only where its page still is."""

from __future__ import annotations

import time

import pytest
from streamlit.proto.ClientState_pb2 import ClientState

from pages.frame.page_runs import LATE_S, Pages


def run(page: str, part: str = "", query: str = "") -> ClientState:
    return ClientState(page_script_hash=page, fragment_id=part, query_string=query)


def opened_on(*pages: str) -> Pages:
    there = Pages()
    for page in pages:
        there.correct(run(page, query=f"of={page}"))
    return there


def test_a_part_of_the_page_that_was_left_is_a_run_of_the_page_that_is_there() -> None:
    late = run("trace", "form", "of=trace")
    assert opened_on("trace", "overview").correct(late)
    assert (late.fragment_id, late.page_script_hash, late.query_string) == ("", "overview", "of=overview")


def test_so_it_is_where_the_first_page_came_without_its_name() -> None:
    late = run("trace", "form")
    assert opened_on("", "overview").correct(late) and late.page_script_hash == "overview"


def test_a_part_of_the_page_that_is_there_is_run_alone() -> None:
    part = run("trace", "form")
    assert not opened_on("overview", "trace").correct(part) and part.fragment_id == "form"


def test_a_part_of_a_page_the_server_led_to_is_run_alone() -> None:
    there, part = opened_on("trace", "overview", "overview"), run("trace", "form")
    assert not there.correct(part) and part.fragment_id == "form"
    again = run("trace", "form")
    assert not there.correct(again) and again.fragment_id == "form"


def test_the_first_run_of_a_connection_is_of_the_whole_page() -> None:
    first = run("trace", "form")
    assert Pages().correct(first) and (first.fragment_id, first.page_script_hash) == ("", "trace")


@pytest.mark.parametrize("first", ["", "trace"])
def test_where_the_server_leads_is_no_page_that_was_left(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there, part, now = opened_on(first, "class"), run("trace", "strip"), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + LATE_S)
    assert not there.correct(part) and part.fragment_id == "strip"
    assert not there.correct(run("trace", "form"))
