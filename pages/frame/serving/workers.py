"""Several servers behind one address: started together, kept alive, ended together.

Each worker is this program once more, on a port of this machine that nobody but the proxy may use. One that ends is
started again while the others go on; its people come to another by themselves, for a browser connects anew and tells
what it shows.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from data_access.statement import BadInput, Unreachable
from pages.frame.serving import caddy
from pages.frame.serving.caddy import Site
from pages.frame.serving.only_proxied import KEY
from pages.frame.serving.served import Place

MOST = 64
STARTS_S, ENDS_S, LOOKS_S = 120.0, 20.0, 0.25
SHORT_S, LONGEST_PAUSE_S = 20.0, 30.0  # one that ends sooner waits before it is started again, longer each time
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG
LOCAL, WILDCARDS = "127.0.0.1", ("", "0.0.0.0", "::")
WORKER = "--worker"  # of the command of a worker: the address that people reach it by


def number(said: str | None) -> int | None:
    """How many workers are asked for; None where it is not said. Raises BadInput."""
    if said is None:
        return None
    if not said.isdecimal() or not 1 <= int(said) <= MOST:
        raise BadInput("workers.number", most=MOST)
    caddy.program()
    return int(said)


@dataclass
class Program:
    """A program that is to run as long as this one does."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    is_quiet: bool = False
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    again: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        """Start it, or start it again; what it says to the terminal is said as well, unless it is quiet."""
        self.process = subprocess.Popen(
            self.command, env=dict(self.environment), stdin=subprocess.DEVNULL, start_new_session=True,
            stdout=subprocess.DEVNULL if self.is_quiet else None, preexec_fn=_end_with_parent,
        )  # fmt: skip
        self.since = time.monotonic()

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def keep(self) -> None:
        """Start it again where it has ended; at once the first time, later after a pause."""
        now = time.monotonic()
        if self.has_ended() and not self.again:
            self.pause = 0.0 if now - self.since > SHORT_S else min(LONGEST_PAUSE_S, max(1.0, 2 * self.pause))
            self.again = now + self.pause
        if self.again and now >= self.again:
            self.again = 0.0
            self.start()

    def end(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()


def _end_with_parent() -> None:
    """Linux ends a program with the one that started it, also where that one was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGTERM)


def serve(
    script: str, arguments: Sequence[str], site: Callable[[Sequence[int]], Site], many: int, ready: Callable[[], None]
) -> None:
    """Serve by so many workers until this program is told to end; `ready` is called once all of them answer.

    arguments: of each worker, but for its address and port. Raises Unreachable where one does not start.
    """
    stop, key = Event(), secrets.token_urlsafe(32)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="satrace-")))
        ports = free_ports(many)
        served = site(ports)
        environment = _of_worker(key)
        workers = [_worker(script, arguments, served.place, port, environment) for port in ports]
        proxy = _proxy(served, folder, key)
        stack.enter_context(_told_to_end(stop))
        stack.enter_context(_ended_together([proxy, *workers]))
        _start(workers, ports, stop)
        proxy.start()
        _await(proxy, served.place.address, served.place.port, stop)
        if not stop.is_set():
            ready()
        while not stop.wait(LOOKS_S):
            for program in (proxy, *workers):
                program.keep()


def _worker(
    script: str, arguments: Sequence[str], place: Place, port: int, environment: Mapping[str, str]
) -> Program:
    own = {"address": LOCAL, "port": port, "headless": "true", "sslCertFile": "", "sslKeyFile": ""}
    said = [part for name, value in own.items() for part in (f"--server.{name}", str(value))]
    return Program([sys.executable, script, *arguments, *said, WORKER, place.url], environment, is_quiet=True)


def _of_worker(key: str) -> Mapping[str, str]:
    """Cookies that one worker signs are good at all; only the proxy is asked where a request came from."""
    secret = os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET") or secrets.token_hex(32)
    return {**os.environ, KEY: key, "STREAMLIT_SERVER_COOKIE_SECRET": secret, "FORWARDED_ALLOW_IPS": LOCAL}


def _proxy(site: Site, folder: Path, key: str) -> Program:
    file = folder / "Caddyfile"
    file.write_text(caddy.settings_of(site), encoding="utf-8")
    command = [caddy.program(), "run", "--config", str(file), "--adapter", "caddyfile"]
    return Program(command, caddy.environment(folder, key))


def _start(workers: Sequence[Program], ports: Sequence[int], stop: Event) -> None:
    """All at once, for none waits for another."""
    for worker in workers:
        worker.start()
    for worker, port in zip(workers, ports, strict=True):
        _await(worker, LOCAL, port, stop)


def _await(program: Program, address: str, port: int, stop: Event) -> None:
    """Wait until a program listens. Raises Unreachable where it ended or takes too long."""
    until = time.monotonic() + STARTS_S
    while not stop.wait(0.05):
        if program.has_ended() or time.monotonic() > until:
            raise Unreachable("workers.not_started")
        with suppress(OSError), socket.create_connection((LOCAL if address in WILDCARDS else address, port), 1.0):
            return


@contextmanager
def _told_to_end(stop: Event) -> Iterator[None]:
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _ended_together(programs: Sequence[Program]) -> Iterator[None]:
    """The proxy first, so that nobody comes any more; then all at once, and what does not end is ended."""
    try:
        yield
    finally:
        for program in programs:
            program.ask_to_end()
        deadline = time.monotonic() + ENDS_S
        for program in programs:
            program.end(deadline)


def free_ports(many: int) -> list[int]:
    """Ports of this machine that nobody listens on, all of them others."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(many)]
        for one in found:
            one.bind((LOCAL, 0))
        return [int(one.getsockname()[1]) for one in found]


def is_free(address: str, port: int) -> bool:
    """Whether something can listen there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((address, port))
        except OSError:
            return False
    return True
