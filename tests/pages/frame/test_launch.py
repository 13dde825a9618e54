"""How the server is started: which host names it answers to, and what the log says first."""

from __future__ import annotations

import click
import pytest

from pages.frame.door.address import own_addresses, own_names
from pages.frame.launch import _hosts, _opened, launch


@pytest.mark.parametrize(
    ("arguments", "hosts"),
    [
        ([], []),
        (["--server.port", "8600"], []),
        (["--server.address", "0.0.0.0"], ["--server.allowedHosts", "*"]),
        (["--server.address=0.0.0.0", "--server.allowedHosts", "satrace.example.com"], []),
    ],
)
def test_hosts(arguments: list[str], hosts: list[str]) -> None:
    assert _hosts(arguments) == hosts


def test_an_address_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    assert _hosts([]) == ["--server.allowedHosts", "*"]


@pytest.mark.parametrize(
    ("arguments", "listens"),
    [
        ([], ["--server.address", "0.0.0.0"]),
        (["--server.address", "127.0.0.1", "--server.allowedHosts", "class.example.com"], []),
    ],
)
def test_a_class_is_called_by_names_of_this_machine_only(
    arguments: list[str], listens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of no name that an attacker could point to it; those that are said come to them."""
    own = ["127.0.0.1", "localhost", "::1", *own_addresses(), *own_names()]
    opened = _opened(arguments)
    assert opened[: len(listens)] == listens
    assert opened[len(listens) :] == [part for name in own for part in ("--server.allowedHosts", name)]
    assert not any("*" in name for name in own)
    monkeypatch.setenv("STREAMLIT_SERVER_ALLOWED_HOSTS", "class.example.com")
    assert _opened(arguments)[-1] == "class.example.com"


@pytest.mark.parametrize("said", ["1", ""])
def test_an_open_scope_stands_in_the_log(
    said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(click.Command, "main", lambda *given, **more: None)  # all but serving
    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql://127.0.0.1:1/calls")
    monkeypatch.setenv("SATRACE_OPEN_SCOPE", said)
    launch("app.py", [])
    assert ("SATRACE_OPEN_SCOPE" in caplog.text) == (said == "1")


def test_a_start_says_every_fault_of_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_TIMEOUT", "soon")
    monkeypatch.setenv("SATRACE_MODEL", "/no/such/semantic.toml")
    with pytest.raises(SystemExit) as ended:
        launch("app.py", [])
    heading, *faults = str(ended.value.code).splitlines()
    assert [fault.split()[0] for fault in faults] == ["SATRACE_MODEL", "SATRACE_TIMEOUT"]
    assert heading == "These settings cannot be used: SATRACE_MODEL and SATRACE_TIMEOUT."
