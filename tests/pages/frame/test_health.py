"""What a proxy is told at /healthz: whether the server lives, and whether what it needs answers."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from data_access.readiness import Readiness, State
from data_access.settings import Settings
from pages.frame import health, visitors
from pages.frame.gate import Gate

from .own_loop import awaited


def ask(path: str, host: str = "127.0.0.1:8501", method: str = "GET") -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=Gate(Starlette(routes=[health.ROUTE])), client=("10.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path)

    return awaited(asked())


@pytest.fixture
def here(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(empty_store, tmp_path)
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    return tmp_path


def test_it_lives_by_any_name_and_before_any_door(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "door", lambda: object())
    for host in ("127.0.0.1:8501", "worker-2.internal"):
        answer = ask("/healthz", host)
        assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (200, "ok", "no-store")
    assert ask("/healthz", method="HEAD").status_code == 200


def test_it_is_ready_when_both_answer(here: Path) -> None:
    answer = ask("/healthz?ready")
    assert (answer.status_code, answer.json()) == (200, {"store": "ok", "warehouse": "ok"})


def test_what_is_away_is_named_and_nothing_of_it_said(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "workshop.sqlite.id").write_text("0" * 32)
    (here / "workshop.sqlite").unlink()
    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql://li:s3cr3t@127.0.0.1:1/calls")
    answer = ask("/healthz?ready")
    assert (answer.status_code, answer.json()) == (503, {"store": "away", "warehouse": "away"})


def test_settings_that_were_broken_since_are_no_readiness(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_TIMEOUT", "soon")
    assert ask("/healthz?ready").status_code == 503
    assert ask("/healthz").status_code == 200


def test_one_that_hangs_is_slow_and_is_not_asked_again(tmp_path: Path) -> None:
    """A server that takes the connection and says nothing: one thread waits for it, however many ask."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://li@127.0.0.1:{silent.getsockname()[1]}/calls"
        given = {"SATRACE_DATA": str(tmp_path), "SATRACE_STORE": url}
        readiness, before = Readiness(), threading.active_count()
        for _ in range(3):
            found = readiness.look(Settings.from_environment(given), seconds=0.1)
            assert found == {"store": State.SLOW, "warehouse": State.OK}
        assert threading.active_count() == before + 1
    until: Any = time.monotonic() + 15
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.05)
