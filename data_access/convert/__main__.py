"""The process that converts one file: `python -m data_access.convert KIND FILE FOLDER`, started by `run`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from data_access.convert.limits import MEMORY_BYTES, PROCESSOR_S, Refused

READERS = {"workbook": "workbook", "json": "json_file", "spss": "spss"}


def main(kind: str, source: str, folder: str) -> None:
    """Write the CSV files and facts.json; when the file is not to be had, facts.json says why."""
    _limit()
    read: Callable[[Path, Path], dict[str, Any]] = import_module(f"data_access.convert.{READERS[kind]}").read
    try:
        facts = read(Path(source), Path(folder))
    except Refused as refused:
        facts = {"refused": refused.key, "values": refused.values}
    except (MemoryError, RecursionError):
        facts = {"refused": "file.too_much", "values": {}}
    (Path(folder) / "facts.json").write_text(json.dumps(facts, ensure_ascii=False, default=str), encoding="utf-8")


def _limit() -> None:
    """Keep this process from taking the machine with it, where the system has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))


if __name__ == "__main__":
    main(*sys.argv[1:4])
