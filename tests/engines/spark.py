"""Spark: a standalone cluster of a master, two workers and its Thrift server, from the package pyspark."""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from . import ZONE, Kinds, Rows

START = "make engines"
TYPES = {
    "text": ("STRING", pa.string()), "enum": ("STRING", pa.string()), "small": ("TINYINT", pa.int8()),
    "ticks": ("INT", pa.int32()), "integer": ("BIGINT", pa.int64()), "double": ("DOUBLE", pa.float64()),
    "decimal": ("DECIMAL(6, 2)", pa.decimal128(6, 2)), "boolean": ("BOOLEAN", pa.bool_()),
    "date": ("DATE", pa.date32()), "time": ("TIMESTAMP_NTZ", pa.timestamp("us")),
    "moment": ("TIMESTAMP", pa.timestamp("us", tz="UTC")),
}  # fmt: skip
LONGEST_S = 5_400  # no part of the cluster lives longer, nor longer than the tests, whatever becomes of these
PATIENCE_S = 180
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"
THRIFT = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"
SETTINGS = {
    "spark.executor.memory": "1g",
    "spark.executor.cores": "1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",  # small tables: to compile a query takes longer than to run it
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:tests;create=true",
}


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip(f"no Spark here; it is started by `{START}`")
    pytest.importorskip("pyhive", reason=f"no driver of Spark here; it is installed by `{START}`")
    name = f"test_{uuid.uuid4().hex[:8]}"
    address = f"spark://127.0.0.1:{_server()}"
    with _session(f"{address}/default") as cursor:
        cursor.execute(f"CREATE DATABASE {name} LOCATION '{folder}'")
    return f"{address}/{name}"


def reader(address: str) -> str:
    """Spark knows no rights of its own: Satrace sends nothing but SELECT."""
    return address


def fill(address: str, table: str, kinds: Kinds, rows: Rows) -> None:
    """A file for each worker, and the name of a table for the two, in place of one that was called so."""
    schema = pa.schema([(name, TYPES[kind][1]) for name, kind in kinds.items()])
    columns = {
        name: pa.array([_value(row[name], kind) for row in rows], TYPES[kind][1]) for name, kind in kinds.items()
    }
    made = pa.table(columns, schema=schema)
    folder = Path(tempfile.mkdtemp(prefix="satrace-spark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    half = -(-len(rows) // 2)
    for part in range(2):
        pq.write_table(made.slice(part * half, half), folder / f"part-{part}.parquet")
    names = ", ".join(f"`{name}` {TYPES[kind][0]}" for name, kind in kinds.items())
    with _session(address) as cursor:
        if "." in table:
            cursor.execute(f"CREATE DATABASE IF NOT EXISTS {table.split('.')[0]}")
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TABLE {table} ({names}) USING parquet LOCATION '{folder}'")


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "decimal":
        return pa.scalar(value).cast(pa.decimal128(6, 2)).as_py()
    return value.replace(tzinfo=ZoneInfo(ZONE)) if kind == "moment" else value


@contextlib.contextmanager
def _session(address: str) -> Iterator[Any]:
    from pyhive import hive

    url = sa.make_url(address)
    with contextlib.closing(hive.connect(url.host, url.port, database=url.database)) as connection:
        yield connection.cursor()


@functools.cache
def _server() -> int:
    """The port of the Thrift server, once two workers are at hand."""
    folder = Path(tempfile.mkdtemp(prefix="satrace-spark-"))
    master, worker_ports, port = _free_port(), (_free_port(), _free_port()), _free_port()
    started = [
        _start(folder, "master", MASTER, "--host", "127.0.0.1", "--port", master, "--webui-port", _free_port())
    ]
    atexit.register(_end, folder, started)
    _await(master, started)
    for web in worker_ports:
        limits = ("--host", "127.0.0.1", "--cores", 1, "--memory", "1536m", "--webui-port", web)
        started.append(_start(folder, f"worker{web}", WORKER, *limits, f"spark://127.0.0.1:{master}"))
    started.append(_start(folder, "thrift", "org.apache.spark.deploy.SparkSubmit", *_submitted(folder, master, port)))
    for each in (*worker_ports, port):
        _await(each, started)
    return port


def _submitted(folder: Path, master: int, port: int) -> list[Any]:
    settings = SETTINGS | {"spark.sql.warehouse.dir": f"{folder}/warehouse"}
    said = [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
    hive = [f"hive.server2.thrift.port={port}", "hive.server2.thrift.bind.host=127.0.0.1"]
    asked = [part for setting in hive for part in ("--hiveconf", setting)]
    return ["--class", THRIFT, "--master", f"spark://127.0.0.1:{master}", *said, "spark-internal", *asked]


def _start(folder: Path, name: str, what: str, *arguments: object) -> subprocess.Popen[bytes]:
    home = Path(importlib.util.find_spec("pyspark").submodule_search_locations[0])  # type: ignore[union-attr,index]
    heap = "1200m" if name == "thrift" else "256m"
    environment = os.environ | {
        "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": f"{folder}/local",
        "SPARK_WORKER_DIR": f"{folder}/work", "SPARK_DAEMON_MEMORY": heap, "SPARK_SUBMIT_OPTS": "-Duser.timezone=UTC",
    }  # fmt: skip
    bounded = ["setpriv", "--pdeathsig", "TERM", "timeout", str(LONGEST_S)]
    command = [*bounded, str(home / "bin" / "spark-class"), what, *map(str, arguments)]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _await(port: int, started: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and all(one.poll() is None for one in started):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise RuntimeError(f"Spark did not start: see {started[-1].args}")


def _end(folder: Path, started: list[subprocess.Popen[bytes]]) -> None:
    for one in reversed(started):
        one.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.wait(20)
    shutil.rmtree(folder, ignore_errors=True)
