"""Files that wish ill are read, or refused in one sentence: soon, in little memory, and nothing is lost unsaid."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.data_access.files.hostile import KINDS

ROOT = Path(__file__).resolve().parents[3]
ALL = 420
SLOW = (  # or much like another: left to the long run
    *(
        "very wide",
        "very wide, of many kinds",
        "a long run",
        "sheets far apart",
        "a broken sav",
        "one name for all",
        "a blank workbook",
        "laughs",
    ),
    *("noughts in a workbook", "packed twice", "a broken parquet", "a bad header", "lists", "moments beyond"),
    *("keys of their own", "mixed records", "archives", "a bomb in a zip", "a broken gz", "links outside"),
    *("a model of deep", "a model of types", "a model of reserved", "a model of zone"),
)
EVERY_DAY = [number for number, kind in enumerate(KINDS) if kind not in SLOW]
SOON_S, MOST_MB = 10, 1024
ENDS = (".", "?", "。", "？")


def complaints(tried: dict[str, Any]) -> list[str]:
    """What is wrong with how one file ended."""
    found = []
    for end in tried["ends"]:
        code, err = end["code"], end["err"]
        if code not in (0, 2, 3):
            found.append(f"a traceback: {code}")
        elif code == 0 and err:
            found.append(f"something on standard error: {err}")
        elif code and (err.count("\n") != 1 or end["out"] or not err.rstrip().endswith(ENDS)):
            found.append(f"not one sentence: {err!r} {end['out']!r}")
        if end["seconds"] > SOON_S:
            found.append(f"{end['seconds']:.0f} seconds of processor")
    if max(tried["mb"]) > MOST_MB:
        found.append(f"{tried['mb']} MB")
    if tried["lost"]:
        found.append(f"{tried['lost']} records lost unsaid")
    return found


def run(folder: Path, numbers: Sequence[int]) -> dict[str, list[str]]:
    """The complaints of some files, by what each is."""
    asked = [sys.executable, "-m", "tests.data_access.files.hostile", str(folder), *map(str, numbers)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    tried = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["number"] for one in tried] == list(numbers)
    return {f"{one['number']} {one['kind']}": found for one in tried if (found := complaints(one))}


def test_hostile_files(tmp_path: Path) -> None:
    assert len(EVERY_DAY) == 40
    assert run(tmp_path, EVERY_DAY) == {}


@pytest.mark.prove
@pytest.mark.parametrize("first", range(0, ALL, len(KINDS)))
def test_more_hostile_files(tmp_path: Path, first: int) -> None:
    assert run(tmp_path, range(first, min(first + len(KINDS), ALL))) == {}
