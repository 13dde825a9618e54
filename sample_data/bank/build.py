"""Where does the data of a training case come from? Made from the figures of its `slice`, once, and kept.

python -m sample_data.bank.build CODE [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data_access.statement import BadInput
from data_access.taxonomy import SHIPPED
from data_access.training_file import CASE, CONTACTS, MODEL, load_cases, put_case, slices, write_case
from sample_data.bank import (
    bot_serial_number,
    first_bill,
    league_table,
    month_start_queue,
    new_hire_team,
    worst_region,
)
from sample_data.bank.model_text import model_text
from sample_data.bank.plan import Plan
from sample_data.bank.rows import contacts
from sample_data.bank.tables import beside
from sample_data.make import data_folder

PLANS: Mapping[str, Callable[[Mapping[str, Any]], Plan]] = {
    "first_bill": first_bill.plan,
    "bot_serial_number": bot_serial_number.plan,
    "month_start_queue": month_start_queue.plan,
    "new_hire_team": new_hire_team.plan,
    "league_table": league_table.plan,
    "worst_region": worst_region.plan,
}
CODES = tuple(PLANS)
SEED = 20_260_615


def make(folder: Path, code: str) -> Path:
    """The folder of a case below `folder`, made only where it is missing or what it is made from has changed.

    Raises BadInput for a code that no case has.
    """
    if code not in PLANS:
        raise BadInput("training.unknown", code=code, known=", ".join(CODES))
    place = folder / f"{code}-{fingerprint(code)}"
    if (place / CASE).exists():
        return place
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{place.name}.{os.getpid()}.part"
    try:
        _write(part, code)
        put_case(part, place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return place


def fingerprint(code: str) -> str:
    """Twelve hex digits of all that the data of a case come from."""
    digest = hashlib.sha256(code.encode())
    here = Path(__file__).parent
    beside_them = [here.parent / name for name in ("comments.py", "draws.py", "events.py", "world.py")]
    for source in [*sorted(here.glob("*.py")), *sorted(here.glob("*.toml")), *beside_them, SHIPPED]:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _write(folder: Path, code: str) -> None:
    folder.mkdir()
    plan = PLANS[code](slices()[code])
    seed = SEED + CODES.index(code)
    table = contacts(plan, seed)
    tables = {"contacts": table.drop(columns=["erred", "doubled"]), **beside(plan, table, seed)}
    _store(folder / CONTACTS, tables)
    (folder / MODEL).write_text(model_text(plan), encoding="utf-8")
    case, key = next(pair for pair in load_cases() if pair[0].code == code)
    write_case(folder, replace(case, period=plan.period, baseline=plan.baseline), replace(key, truth=plan.truth))


def _store(file: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    with duckdb.connect(str(file)) as connection:
        for name, frame in tables.items():
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
        connection.execute("ALTER TABLE contacts ALTER score TYPE TINYINT")
        connection.execute("CHECKPOINT")


def main(arguments: list[str] | None = None) -> None:
    """Command line: make a case and print its folder."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.bank.build", description="Make a training case.")
    parser.add_argument("code", choices=CODES)
    parser.add_argument("--folder", type=Path, help="default: cases/ in SATRACE_DATA or the user's data folder")
    options = parser.parse_args(arguments)
    print(make(options.folder or data_folder() / "cases", options.code))


if __name__ == "__main__":
    main()
