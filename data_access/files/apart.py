"""Where is a file read? Small plain text here; anything else in a process of its own, so that the app goes on.

A few kilobytes of a workbook, an archive or a Parquet file can ask for more memory than there is. The process has
limits on memory, disk and time that grow with the file; whatever happens to it, there is a database or one sentence.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import data_access
from data_access.convert.limits import Allowed, allowed
from data_access.files.delimiter import DELIMITERS
from data_access.files.loading import Source, run_loading
from data_access.files.sniff import Kind
from data_access.statement import BadInput

ROOT = Path(data_access.__file__).resolve().parents[1]
FACTS, PROCESSES = "facts.json", Path("/proc")
LOOK_S = 0.05
SMALL_BYTES, FEW_COLUMNS, LOOKED_AT = 1 << 20, 200, 200
Progress = Callable[[float], None]


def load_into(folder: Path, source: Source, progress: Progress) -> dict[str, Any]:
    """Build new.duckdb in `folder`; returns what LoadedFile needs beside it. Raises BadInput."""
    return run_loading(source, folder, progress) if _is_harmless(source) else _apart(source, folder, progress)


def _is_harmless(source: Source) -> bool:
    """Whether a file is so small and narrow that it cannot become much: starting a process would take longer."""
    usual = source.options.delimiter in (None, *DELIMITERS)
    if source.kind is not Kind.TEXT or not usual or source.path.stat().st_size > SMALL_BYTES:
        return False
    return all(_width(source.path, delimiter) <= FEW_COLUMNS for delimiter in DELIMITERS)


def _width(path: Path, delimiter: str) -> int:
    """Of the widest of the first records, which say how wide the table is."""
    with path.open(encoding="latin-1", newline="") as file:
        try:
            return max(map(len, islice(csv.reader(file, delimiter=delimiter), LOOKED_AT)), default=0)
        except csv.Error:  # a cell longer than this reader takes
            return FEW_COLUMNS + 1


def _apart(source: Source, folder: Path, progress: Progress) -> dict[str, Any]:
    limits = allowed(source.path.stat().st_size)
    request = {**asdict(source), "path": str(source.path.absolute()), "folder": str(folder.absolute())}
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with _started(json.dumps(request), {**os.environ, "PYTHONPATH": paths}, limits) as process:
        assert process.stdout is not None
        for line in process.stdout:
            with suppress(ValueError):  # a library that prints says nothing of the progress
                progress(float(line))
        process.wait()
    return _facts(folder / FACTS, source.path.name, killed=process.returncode < 0)


@contextmanager
def _started(request: str, environ: dict[str, str], limits: Allowed) -> Iterator[subprocess.Popen[str]]:
    """The process, ended when it takes too much or whoever waits for it does no more."""
    command = [sys.executable, "-m", "data_access.files.loader", request]
    process = subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    done = threading.Event()
    threading.Thread(target=_watch, args=(process, limits, done), daemon=True).start()
    with process:
        try:
            yield process
        finally:
            done.set()
            process.kill()


def _watch(process: subprocess.Popen[str], limits: Allowed, done: threading.Event) -> None:
    """End a process that waits too long or holds too much: what it may reserve is no measure of what it takes."""
    end = time.monotonic() + limits.wait_s
    while not done.wait(LOOK_S):
        if time.monotonic() > end or held(process.pid) > limits.memory:
            process.kill()
            return


def held(pid: int) -> int:
    """Bytes of memory that a process holds.

    Linux says it in a file, any other Unix by its command `ps`. Windows does not: 0, and only time is limited.
    """
    try:
        return int((PROCESSES / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _listed(pid)


def _listed(pid: int) -> int:
    """The same as `ps` lists it, in units of 1024 bytes."""
    try:
        listed = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, timeout=5)
        return int(listed.stdout) * 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _facts(place: Path, name: str, *, killed: bool) -> dict[str, Any]:
    if not place.exists():
        raise BadInput("file.too_much" if killed else "file.damaged", name=name)
    facts: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    if "refused" in facts:
        raise BadInput(facts["refused"], **facts["values"])
    return facts
