"""How does the sample warehouse come about? A seeded generator writes one DuckDB file and the truth beside it.

    python -m sample_data.make [--folder FOLDER] [--without CAUSE ...]

Tables: contacts (one row per contact with its survey answer), surveys (a view of the invited), complaints,
qa_evaluations, bot_sessions, agent_months, calibration, calls,
service_targets, benchmarks, targets, events, reason_power, labels.
Times are local (Asia/Shanghai), in order of time; their columns are documented where they are made.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import duckdb
import pandas as pd
import platformdirs

from . import (
    bots,
    calls,
    checks,
    companions,
    events,
    people,
    questions,
    service,
    staff_months,
    surveys,
    tables,
    words,
    world,
)
from . import contacts as arrivals
from .causes import CAUSES, Planted
from .truth import truth

CONTACTS = 400_000
SEED = 20_261_101
STEM = "satrace_sample_"
Progress = Callable[[float, str], None]
Frames = dict[str, pd.DataFrame]


def build(
    folder: Path,
    *,
    without: Collection[str] = (),
    contacts: int = CONTACTS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Path:
    """Write the warehouse and its `.truth.json` into the folder and return the path of the warehouse.

    `without` names planted causes to leave out. `progress` is told the share done (0..1) and the step's name.
    Raises ValueError for an unknown cause or fewer than 1,000 contacts, OSError where the folder cannot be written.
    """
    if contacts < 1000:
        raise ValueError(f"a sample needs at least 1,000 contacts, not {contacts}")
    planted, tell = Planted.without(without), progress or (lambda share, step: None)
    path = folder / f"{STEM}{fingerprint(without=without, contacts=contacts, seed=seed)}.duckdb"
    folder.mkdir(parents=True, exist_ok=True)  # first, so that nobody waits for what cannot be written
    frames, facts = _generate(planted, contacts, seed, tell)
    tell(0.5, "store")
    made = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        _store(made, frames, tell)
        path.with_suffix(".truth.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        made.replace(path)  # last, so that a warehouse that is there is whole and has its truth
    finally:
        made.unlink(missing_ok=True)
    tell(1.0, "done")
    return path


def ensure(folder: Path | None = None, progress: Progress | None = None) -> Path:
    """The path of the sample warehouse, built only when it is missing or its generator changed.

    Without a folder: SATRACE_DATA, or the user's data folder. Files of older generators are removed.
    """
    folder = folder or data_folder()
    path = folder / f"{STEM}{fingerprint()}.duckdb"
    if not path.exists():
        build(folder, progress=progress)
    for old in folder.glob(f"{STEM}*"):
        if not old.name.startswith(path.stem):
            with suppress(OSError):  # still open in another process: the next start removes it
                old.unlink()
    return path


def data_folder() -> Path:
    """Where data of the user lives: SATRACE_DATA, or what the system keeps for it."""
    return Path(os.environ.get("SATRACE_DATA") or platformdirs.user_data_path("satrace"))


def fingerprint(*, without: Collection[str] = (), contacts: int = CONTACTS, seed: int = SEED) -> str:
    """Twelve hex digits of the generator's sources, the taxonomy and what was asked for."""
    digest = hashlib.sha256(repr((sorted(set(without)), contacts, seed)).encode())
    for source in [*sorted(Path(__file__).parent.glob("*.py")), world.TAXONOMY]:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _generate(planted: Planted, count: int, seed: int, tell: Progress) -> tuple[Frames, dict[str, object]]:
    """All tables and the truth about them."""
    tell(0.0, "contacts")
    columns, draws = arrivals.contacts(seed, count, planted)
    staffed, staff = people.assign(draws, columns, planted)
    tell(0.15, "service")
    columns = service.serve(draws, columns | staffed, staff, planted)
    tell(0.25, "surveys")
    columns |= surveys.survey(draws, columns)
    columns |= questions.asked(draws, columns)
    tell(0.4, "companions")
    columns |= bots.hollow(draws, columns)
    agent_months = staff_months.months(draws, columns)
    columns |= bots.sessions(draws, columns) | staff_months.checks(draws, columns)
    columns |= staff_months.of_contacts(columns, agent_months)
    frame = tables.contact_frame(draws, columns)
    frames = {
        "contacts": frame,
        "complaints": companions.complaints(draws, frame),
        "qa_evaluations": checks.quality(draws, frame, columns),
        "calibration": checks.calibration(draws, frame, columns),
        "bot_sessions": companions.bot_sessions(frame, columns),
        "agent_months": companions.agent_months(draws, agent_months, columns),
        "calls": calls.calls(draws, frame, columns),
        "service_targets": calls.service_targets(),
        "benchmarks": companions.benchmarks(draws),
        "targets": companions.targets(),
        "events": events.events(planted),
        "reason_power": events.reason_power(),
        "labels": words.labels(),
    }
    return frames, truth(columns, planted, seed=seed, contacts=count)


def _store(path: Path, frames: Frames, tell: Progress) -> None:
    """Write the tables in the order of their rows; the file is closed when this returns."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET enable_progress_bar = false")  # it would draw over ours
        for done, (name, frame) in enumerate(frames.items()):
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
            tell(0.55 + 0.4 * (done + 1) / len(frames), "store")
        connection.execute(
            "CREATE VIEW surveys AS SELECT contact_id, customer_id, contacted_at, responded_at, "
            "score, recommend, solved_said, hotline_named, reason, comment, exempted, exempt_reason "
            "FROM contacts WHERE invited = 1"
        )
        connection.execute("CHECKPOINT")


def _bar(share: float, step: str) -> None:
    """A progress bar on the terminal's error stream."""
    full = round(30 * share)
    sys.stderr.write(f"\rSample warehouse [{'#' * full}{'.' * (30 - full)}] {share:4.0%} {step:<12}")
    sys.stderr.write("\n" if share >= 1 else "")
    sys.stderr.flush()


def main(arguments: list[str] | None = None) -> None:
    """Command line: build what is missing and print the path."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.make", description="Build the sample warehouse.")
    parser.add_argument("--folder", type=Path, help="default: SATRACE_DATA or the user's data folder")
    parser.add_argument("--without", nargs="*", choices=list(CAUSES), default=[], help="planted causes to leave out")
    options = parser.parse_args(arguments)
    folder = options.folder or data_folder()
    print(build(folder, without=options.without, progress=_bar) if options.without else ensure(folder, _bar))


if __name__ == "__main__":
    main()
