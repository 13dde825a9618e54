"""A sign-in that its person ended is known at each server of the folder, as long as it would have been good."""

from __future__ import annotations

import os
import time
from pathlib import Path

from data_access.signed_out import FOLDER, SignedOut

LI = {"sub": "li", "iat": 1_790_000_000, "nonce": "a", "name": "Li"}


def test_one_sign_in_ends_and_no_other(tmp_path: Path) -> None:
    here = SignedOut(tmp_path, 8)
    assert not here.has(LI)
    here.end(LI)
    here.end(LI)
    there = SignedOut(tmp_path, 8)
    assert there.has(LI) and there.has({**LI, "satrace_roles": ["admin"]})
    for other in ({"nonce": "b"}, {"sub": "wang"}, {"iat": 1_790_000_001}, {"provider": "partner"}):
        assert not there.has({**LI, **other})


def test_what_is_too_old_is_forgotten(tmp_path: Path) -> None:
    here = SignedOut(tmp_path, 1)
    here.end(LI)
    (file,) = (tmp_path / FOLDER).iterdir()
    os.utime(file, (time.time() - 3601,) * 2)
    here.end({**LI, "nonce": "b"})
    assert not here.has(LI) and here.has({**LI, "nonce": "b"})
