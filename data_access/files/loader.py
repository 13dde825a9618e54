"""The process that reads one file: `python -m data_access.files.loader REQUEST`, started by `apart`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from data_access.convert.limits import Allowed, allowed
from data_access.files.apart import FACTS
from data_access.files.loading import Source, run_loading
from data_access.files.options import ReadOptions
from data_access.files.sniff import Kind
from data_access.statement import BadInput


def main(request: str) -> None:
    """Build the database and facts.json; when the file is not to be had, facts.json says why."""
    asked: dict[str, Any] = json.loads(request)
    path, folder = Path(asked["path"]), Path(asked["folder"])
    _keep_within(allowed(path.stat().st_size))
    source = Source(path, Kind(asked["kind"]), asked["table"], _options(asked["options"]), asked["digest"])
    try:
        facts = run_loading(source, folder, lambda share: print(share, flush=True))
    except BadInput as refused:
        facts = {"refused": refused.statement.key, "values": dict(refused.statement.values)}
    (folder / FACTS).write_text(json.dumps(facts, ensure_ascii=False, default=str), encoding="utf-8")


def _options(said: dict[str, Any]) -> ReadOptions:
    tuples: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    return ReadOptions(**tuples)


def _keep_within(limits: Allowed) -> None:
    """Keep this process from taking the machine with it, where the system has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_DATA, (limits.reserved, limits.reserved))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor_s, limits.processor_s))


if __name__ == "__main__":
    main(sys.argv[1])
