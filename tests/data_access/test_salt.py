"""Masked ids of persons: the same within an installation, others in the next."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data_access.salt import kept, salt
from data_access.warehouse.rows import masked

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Each test is a start of its own."""
    salt.cache_clear()
    yield
    salt.cache_clear()


def start(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str | None:
    """The masked id after a start with these variables."""
    salt.cache_clear()
    monkeypatch.delenv("SATRACE_SALT", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return masked(PHONE)


def test_each_installation_masks_in_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    first = start(monkeypatch, SATRACE_DATA=here)
    assert start(monkeypatch, SATRACE_DATA=here) == first != start(monkeypatch, SATRACE_DATA=there)
    assert start(monkeypatch, SATRACE_SALT="one") == start(monkeypatch, SATRACE_SALT="one", SATRACE_DATA=here)
    assert len({first, start(monkeypatch, SATRACE_SALT="one"), start(monkeypatch, SATRACE_SALT="two")}) == 3
    assert masked(None) is None and masked(PHONE, "a") == f"a{str(masked(PHONE))[1:]}"
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "here" / "salt").stat().st_mode) == 0o600


def test_starts_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(kept, [tmp_path] * 64))) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["salt"] and len(kept(tmp_path)) == 32
