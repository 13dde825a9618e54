"""MariaDB: Debian's server in a folder of its own, with a user who writes and one who only reads."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from . import Kinds, Rows

START = "apt-get install mariadb-server && pip install -r tests/engines/requirements.txt"
TYPES = {
    "text": "VARCHAR(300)", "small": "TINYINT", "integer": "BIGINT", "double": "DOUBLE", "decimal": "DECIMAL(6, 2)",
    "boolean": "BOOLEAN", "date": "DATE", "time": "DATETIME(6)", "moment": "TIMESTAMP(6) NULL",
}  # fmt: skip
AT_ONCE = 2_000  # rows of an INSERT
SERVERS: dict[int, str] = {}  # of this process: the address of the one who may do all


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    pytest.importorskip("pymysql", reason=f"needs MariaDB: {START}")
    url = sa.make_url(SERVERS.get(os.getpid()) or _started(request, folder))
    name = f"test_{uuid.uuid4().hex[:8]}"
    _say(url, f"CREATE DATABASE {name}", f"GRANT SELECT ON {name}.* TO reader@'127.0.0.1'")
    return url.set(database=name).render_as_string(hide_password=False)


def reader(address: str) -> str:
    return sa.make_url(address).set(username="reader", password="reads").render_as_string(hide_password=False)


def fill(address: str, table: str, kinds: Kinds, rows: Rows) -> None:
    """Times are kept as they are in Shanghai, for which the session says where it is."""
    columns = ", ".join(f"`{name}` {TYPES.get(kind) or _enum(name, rows)}" for name, kind in kinds.items())
    places = ", ".join(["%s"] * len(kinds))
    _say(sa.make_url(address), f"DROP TABLE IF EXISTS `{table}`", f"CREATE TABLE `{table}` ({columns})")
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET time_zone = '+08:00'")
        for first in range(0, len(rows), AT_ONCE):
            values = [
                tuple(_kept(row[name], kind) for name, kind in kinds.items()) for row in rows[first : first + AT_ONCE]
            ]
            connection.exec_driver_sql(f"INSERT INTO `{table}` VALUES ({places})", values)
    engine.dispose()


def _kept(value: Any, kind: str) -> Any:
    """It keeps neither NaN nor infinity: whoever fills it writes NULL. A number would be the place of a member."""
    if isinstance(value, float) and value - value != 0:
        return None
    return str(value) if kind == "ticks" and value is not None else value


def _enum(name: str, rows: Rows) -> str:
    members = sorted({str(row[name]) for row in rows if row[name] is not None}, reverse=True)
    return "ENUM (" + ", ".join("'" + member.replace("'", "''") + "'" for member in members) + ")"


def _started(request: pytest.FixtureRequest, folder: Path) -> str:
    server = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin")
    if server is None:
        pytest.skip(f"needs MariaDB: {START}")
    data, user = folder / "data", f"--user={'root' if os.getuid() == 0 else os.environ.get('USER', '')}"
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", user, "--skip-test-db", "--skip-log-bin",
         "--auth-root-authentication-method=normal"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    port = _free_port()
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={data}", user, f"--port={port}", "--bind-address=127.0.0.1",
         f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}", "--innodb-flush-log-at-trx-commit=0",
         "--innodb-buffer-pool-size=256M", "--character-set-server=utf8mb4",
         "--collation-server=utf8mb4_general_ci"],
        stdout=subprocess.DEVNULL, stderr=log,
    )  # fmt: skip
    request.addfinalizer(lambda: _end(running))
    root = sa.URL.create("mysql+pymysql", "root", query={"unix_socket": str(folder / "s")})
    _wait_for(root, running)
    _say(
        root, "CREATE USER writer@'127.0.0.1' IDENTIFIED BY 'writes'", "GRANT ALL ON *.* TO writer@'127.0.0.1' "
        "WITH GRANT OPTION", "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'reads'",
    )  # fmt: skip
    SERVERS[os.getpid()] = f"mysql+pymysql://writer:writes@127.0.0.1:{port}/"
    return SERVERS[os.getpid()]


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait_for(root: sa.URL, running: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if running.poll() is not None:
            break
        if Path(str(root.query["unix_socket"])).exists():
            return
        time.sleep(0.1)
    raise RuntimeError("MariaDB did not start: its log lies in the folder of this test")


def _say(url: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


def _end(running: subprocess.Popen[bytes]) -> None:
    SERVERS.pop(os.getpid(), None)
    running.terminate()
    try:
        running.wait(30)
    except subprocess.TimeoutExpired:
        running.kill()
