"""The instructor's passcode: kept as a hash that only its owner reads, said once, another only when asked for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from data_access import passcode
from data_access.settings import Settings


def settings(folder: Path, **environment: str) -> Settings:
    return Settings.from_environment({"SATRACE_DATA": str(folder), **environment})


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What costs an attacker time would cost it here as well."""
    monkeypatch.setattr(passcode, "COST", 2**4)


def test_a_passcode_is_said_once_and_kept_as_a_hash(tmp_path: Path) -> None:
    made, words = passcode.of_installation(settings(tmp_path))
    again, none = passcode.of_installation(settings(tmp_path))
    assert words is not None and none is None and again == made
    assert again.matches(words) and again.matches(f" {words}\n")
    assert not any(again.matches(said) for said in ("", words[:-1], words.upper(), "\ud800", "密码"))
    file = tmp_path / passcode.FILE
    assert words not in file.read_text() and words not in repr(made) and made.digest.hex() not in repr(made)
    assert [found.name for found in tmp_path.iterdir()] == [passcode.FILE]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other, others = passcode.of_installation(settings(tmp_path), anew=True)
    assert others not in (None, words) and other.mark() != made.mark() and not other.matches(words)


def test_one_from_the_environment_stays_the_same_over_starts(tmp_path: Path) -> None:
    first, said = passcode.of_installation(settings(tmp_path, SATRACE_PASSCODE="a long secret"))
    same, _ = passcode.of_installation(settings(tmp_path, SATRACE_PASSCODE="a long secret"))
    other, _ = passcode.of_installation(settings(tmp_path, SATRACE_PASSCODE="another secret"))
    assert said is None and first == same and first.matches("a long secret")
    assert other.mark() != first.mark() and not other.matches("a long secret")
    assert "secret" not in repr(settings(tmp_path, SATRACE_PASSCODE="a long secret"))


@pytest.mark.parametrize("broken", ["", "00", "zz zz", "00 11 22", "00 11"])
def test_one_that_cannot_be_read_is_made_anew(broken: str, tmp_path: Path) -> None:
    (tmp_path / passcode.FILE).write_text(broken)
    _, words = passcode.of_installation(settings(tmp_path))
    assert words
