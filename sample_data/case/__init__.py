"""Training cases with a known truth: data, story and model answer by seed, difficulty and kind."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from data_access.training import Kind
from data_access.training_file import CASE, CONTACTS, MODEL, put_case, write_case
from sample_data import make as sample
from sample_data.case import frames
from sample_data.case.centre import contacts_of
from sample_data.case.effects import with_cause
from sample_data.case.facts import Facts
from sample_data.case.planted import CONTACTS as USUAL
from sample_data.case.planted import Planted, kind_of, planted
from sample_data.case.surveyed import surveyed
from sample_data.case.told import case_of, key_of

__all__ = ["make"]


def make(
    folder: Path | None = None,
    *,
    seed: int,
    difficulty: int = 2,
    kind: Kind | str | None = None,
    contacts: int = USUAL,
) -> Path:
    """The folder of a case, made if it is not there yet: contacts, model, case and key.

    It lies in `folder`, or in `cases` of the user's data folder; its name says nothing of what is in it. The kind is
    drawn by the seed where none is given. Raises ValueError for a difficulty or a kind that there is none of, OSError
    where the folder cannot be written.
    """
    chosen = kind_of(seed) if kind is None else Kind(kind)
    plan = planted(seed, difficulty, chosen, contacts)
    parent = folder or sample.data_folder() / "cases"
    path = parent / f"case_{fingerprint(plan)}"
    if (path / CASE).exists():
        return path
    part = parent / f".{path.name}.{os.getpid()}"
    part.mkdir(parents=True, exist_ok=True)
    try:
        _write(part, plan)
        put_case(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return path


def _write(folder: Path, plan: Planted) -> None:
    columns, draws = contacts_of(plan)
    rated = surveyed(draws, with_cause(draws, columns, plan), plan)
    made = frames.frames(rated.draws, rated.columns, plan)
    facts = Facts(made["contacts"], plan)
    frames.store(folder / CONTACTS, made)
    (folder / MODEL).write_text(frames.model_text(), encoding="utf-8")
    write_case(folder, case_of(facts, rated.fallen), key_of(facts, rated.fallen))


def fingerprint(plan: Planted) -> str:
    """Twelve hex digits of the generator's sources and of what was asked for."""
    asked = (plan.seed, plan.difficulty, plan.kind.value, plan.contacts, sample.fingerprint())
    digest = hashlib.sha256(repr(asked).encode())
    for source in sorted(Path(__file__).parent.rglob("*")):
        if source.suffix in (".py", ".toml"):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
