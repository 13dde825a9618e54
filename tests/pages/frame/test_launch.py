"""How the server is started: which host names it answers to."""

from __future__ import annotations

import pytest

from pages.frame.launch import _hosts


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
