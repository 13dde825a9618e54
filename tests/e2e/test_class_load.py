"""Thirty people in one class: how long each waits for a page while groups work and the instructor watches them.

Bounded in people and time, on this machine's own address. Every browser asks for news as the app's own script does.
"""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
import pytest

from data_access.access import Role, User
from data_access.workshop.class_records import Stage, TrainingClass
from data_access.workshop.store import Store, open_store
from pages.words.catalogue import Catalogue
from tests.proof import Figure

from .conftest import Server, started
from .lesson import PASSCODE, begun, opened_class
from .visitor import Visitor, visiting, words

PEOPLE, GROUPS, THINK_S, ROUND_S, PULSE_S = 30, 6, 20.0, 90.0, 3.0
PAGES = ("class", "contribution", "change", "contrast", "overview", "trace")
CUTS = ("business", "sub_type", "region", "team", "channel", "tier")
TEACHER = User("instructor-load", "Instructor", frozenset({Role.INSTRUCTOR}))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    with started(tmp_path, "--class", "--server.address", "127.0.0.1",
                 environment={"SATRACE_PASSCODE": PASSCODE}) as server:  # fmt: skip
        yield server


def come_in(server: str, **form: str) -> str:
    """The cookie of somebody who joins."""
    place = urlsplit(server)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": server}
    with closing(connection):
        connection.request("POST", "/join", urlencode(form), headers)
        answer = connection.getresponse()
        assert answer.status == 303, (answer.status, answer.read()[:200])
        return str(answer.headers["set-cookie"]).partition(";")[0]


def news(server: str, cookie: str, class_id: str) -> Mapping[str, object]:
    """What a browser asks every three seconds."""
    place = urlsplit(server)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
    with closing(connection):
        connection.request("GET", f"/class-pulse?class={class_id}&work=1", headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.status == 200
        return {"said": answer.read()}


def seen(visitor: Visitor, page: str, **asked: str) -> float:
    """Seconds until a page is there; it must be a page."""
    before = time.monotonic()
    text = words(visitor.open(page, lang="en", **asked))
    assert Catalogue.load("en").text("error.unexpected") not in text, (page, asked)
    return time.monotonic() - before


def participant(
    server: str, klass: TrainingClass, cookie: str, number: int, until: float
) -> tuple[list[float], list[float]]:
    """Looks around and asks for news; the waits for pages and for news."""
    chance, waits, asked = random.Random(number), [], []
    with visiting(server, cookie) as visitor:
        turn = time.monotonic() + chance.uniform(0, THINK_S)
        while time.monotonic() < until:
            if time.monotonic() >= turn:
                waits.append(seen(visitor, chance.choice(PAGES), by=chance.choice(CUTS)))
                turn = time.monotonic() + chance.expovariate(1 / THINK_S)
            before = time.monotonic()
            news(server, cookie, klass.id)
            asked.append(time.monotonic() - before)
            time.sleep(max(0.0, min(PULSE_S, until - time.monotonic())))
    return waits, asked


def instructor(server: str, store: Store, klass: TrainingClass, until: float) -> list[float]:
    """Leads the class through its stages and looks at the desk."""
    cookie, waits = come_in(server, way="passcode", name="Instructor", passcode=PASSCODE), []
    with visiting(server, cookie) as visitor:
        for stage in Stage:
            store.start_stage(TEACHER, klass.id, stage, minutes=20)
            for _ in range(4):
                waits.append(seen(visitor, "class"))
                time.sleep(max(0.0, min(ROUND_S / 16, until - time.monotonic())))
    return waits


def joined(server: str, klass: TrainingClass, number: int) -> str:
    return come_in(server, way="code", code=klass.code, name=f"person {number}")


def at_work(store: Store, data_folder: Path, klass: TrainingClass) -> None:
    """Everybody has a group, and each group an issue with its data problem."""
    groups = store.groups(TEACHER, klass.id)
    members = [
        store.place(TEACHER, member.id, groups[place % GROUPS].key)
        for place, member in enumerate(store.members(TEACHER, klass.id))
    ]
    store.start_stage(TEACHER, klass.id, Stage.DATA_PROBLEM, minutes=20)
    for member in members[:GROUPS]:
        begun(store, data_folder, klass, member)


def prepared(server: str, klass: TrainingClass) -> None:
    """The instructor has looked at each page of the case before the class begins."""
    cookie = come_in(server, way="passcode", name="Instructor", passcode=PASSCODE)
    with visiting(server, cookie) as visitor:
        for page in PAGES:
            seen(visitor, page, data=klass.dataset)


@pytest.mark.prove
def test_thirty_people_in_one_class(served: Server, tmp_path: Path, figure: Figure) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    klass = opened_class(store, tmp_path, TEACHER, groups=[f"G{number}" for number in range(1, GROUPS + 1)])
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        cookies = list(pool.map(lambda n: joined(served.address, klass, n), range(PEOPLE)))
        at_work(store, tmp_path, klass)
        prepared(served.address, klass)
        until = time.monotonic() + ROUND_S
        desk = pool.submit(instructor, served.address, store, klass, until)
        all_seats = list(pool.map(lambda n: participant(served.address, klass, cookies[n], n, until), range(PEOPLE)))
    waits = [wait for seat in all_seats for wait in seat[0]]
    asked = [wait for seat in all_seats for wait in seat[1]]
    figure("views, and questions for news", [len(waits), len(asked)])
    figure("median and p95 of a page, s", list(np.quantile(waits, (0.5, 0.95))))
    figure("median and p95 of the desk, s", list(np.quantile(desk.result(), (0.5, 0.95))))
    figure("median and p95 of the news, s", list(np.quantile(asked, (0.5, 0.95))))
    assert np.quantile(waits, 0.95) <= 2
    store.engine.dispose()
