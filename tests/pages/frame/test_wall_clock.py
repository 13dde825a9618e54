"""The clock of a meeting is one clock, at whichever process a screen is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pages.frame import wall


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    return tmp_path


def since(folder: Path, seconds: float) -> None:
    """As if the meeting had begun so long ago, at another process."""
    (file,) = (folder / "meetings").iterdir()
    os.utime(file, (time.time() - seconds,) * 2)


def test_it_runs_from_the_first_screen_until_somebody_begins_anew(folder: Path) -> None:
    assert wall.gone("a meeting") is None
    wall.begin("a meeting")
    since(folder, 600)
    wall.begin("a meeting")  # a second screen
    lasted = wall.gone("a meeting")
    assert lasted is not None and 600 <= lasted < 700
    assert wall.gone("another") is None
    wall.begin("a meeting", anew=True)
    lasted = wall.gone("a meeting")
    assert lasted is not None and lasted < 60


def test_another_sitting_after_hours_begins_anew(folder: Path) -> None:
    wall.begin("a meeting")
    since(folder, wall.CLOCK_S + 1)
    wall.begin("a meeting")
    lasted = wall.gone("a meeting")
    assert lasted is not None and lasted < 60


def test_without_a_place_for_it_there_is_no_clock_and_no_trouble(folder: Path) -> None:
    (folder / "meetings").write_text("in the way")
    wall.begin("a meeting")
    assert wall.gone("a meeting") is None
