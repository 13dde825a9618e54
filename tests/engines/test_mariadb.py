"""What MariaDB keeps that other engines do not, and who may do what there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import Unreachable
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.connection import Connection
from data_access.warehouse.source import make_engine

from . import mariadb

pytestmark = pytest.mark.engines
MODEL = """
table = "odd"
contact_id = "id"
time = { column = "at", timezone = "Asia/Shanghai", loaded = "loaded" }
score = { column = "score", scale = [0, 10] }
[metrics]
done = { column = "done" }
[dimensions]
word = { column = "word" }
old = { column = "old" }
picked = { column = "picked" }
vip = { column = "vip" }
bit = { column = "bits" }
[drivers]
below = { column = "below", unit = "s" }
lasted = { from = "began", to = "at", unit = "s" }
"""
TABLE = """CREATE TABLE odd (id VARCHAR(20) COLLATE utf8mb4_nopad_bin, at DATETIME(6), began DATETIME(6),
    loaded TIMESTAMP NULL, score TINYINT(1) UNSIGNED, done TINYINT(1), word VARCHAR(20), old VARCHAR(20) CHARACTER SET
    latin1, picked SET('a', 'b'), vip TINYINT(1), bits BIT(1), below INT UNSIGNED)"""
ROWS = r"""INSERT INTO odd VALUES
    ('1', '2026-10-01 00:00:00.250000', '2026-10-01', '2026-10-02 01:00:00', 9, 1, 'Wait', 'é', 'a,b', 1, b'1', 5),
    ('2', '2026-10-01 12:00:00', '0000-00-00', NULL, 4, 0, 'wait', 'e', '', 0, b'0', 0),
    ('2 ', '2026-10-02', NULL, NULL, 10, NULL, 'wait ', 'E', NULL, NULL, NULL, NULL),
    ('3', '0000-00-00', '2026-10-01', NULL, 7, 1, 'a\\b', 'e', 'a', 1, b'1', 4)"""


@pytest.fixture(scope="module")
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of the one who writes."""
    made = mariadb.database(request, tmp_path_factory.mktemp("odd"))
    engine = sa.create_engine(made)
    with engine.begin() as connection:
        for statement in ("SET sql_mode = ''", "SET time_zone = '+08:00'", TABLE, ROWS):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return made


@pytest.fixture(scope="module")
def odd(address: str) -> Iterator[Warehouse]:
    with closing(open_warehouse(mariadb.reader(address), parse_model(MODEL))) as warehouse:
        yield warehouse


def sizes(warehouse: Warehouse, dimension: str) -> dict[str | None, float]:
    """The contacts of each member; a text of no letters is none."""
    rows = warehouse.cells("score", [dimension], None, ()).rows
    found: dict[str | None, float] = {}
    for member, n in zip(rows[dimension], rows["n"], strict=True):
        found[member] = found.get(member, 0) + n
    return found


def test_texts_are_compared_to_the_letter(odd: Warehouse) -> None:
    """Capitals, accents, blanks at the end, a stroke that is no sign of escape, and an old character set."""
    assert sizes(odd, "word") == {"Wait": 1, "wait": 1, "wait ": 1, r"a\b": 1}
    assert sizes(odd, "old") == {"é": 1, "e": 2, "E": 1}
    for word in ("Wait", "wait", "wait ", r"a\b"):
        assert odd.cells("score", [], None, [Filter("word", (word,))]).rows["n"].tolist() == [1], word
    assert odd.cells("score", [], None, [Filter("word", ("WAIT",))]).rows.empty
    assert "a\\\\b" in odd.cells("score", [], None, [Filter("word", (r"a\b",))]).sql


def test_yes_and_no_in_one_bit_and_a_score_in_its_column(odd: Warehouse) -> None:
    """TINYINT(1) is how BOOLEAN is kept; a score that somebody kept so is the number that it is."""
    assert odd.cells("score", [], None, ()).rows["wx"].tolist() == [30]
    assert odd.cells("done", [], None, ()).rows[["n", "wx"]].to_numpy().tolist() == [[3, 2]]
    assert sizes(odd, "vip") == sizes(odd, "bit") == {"true": 2, "false": 1, None: 1}
    assert sizes(odd, "picked") == {"a,b": 1, "a": 1, None: 2}


def test_a_day_of_zeros_is_no_day(odd: Warehouse) -> None:
    known = odd.extent()
    assert (known.first, known.last) == (datetime(2026, 10, 1, 0, 0, 0, 250_000), datetime(2026, 10, 2))
    assert known.loaded == datetime(2026, 10, 2, 1)  # a TIMESTAMP, as the time in Shanghai
    assert sizes(odd, "hour") == {"0": 2, "12": 1, None: 1}
    october = Period(date(2026, 10, 1), date(2026, 11, 1))
    assert odd.cells("score", [], october, ()).rows["n"].tolist() == [3]
    assert odd.rows(Selection()).rows["at"].isna().sum() == 1


def test_times_are_kept_to_the_microsecond_and_unsigned_numbers_may_be_subtracted(odd: Warehouse) -> None:
    lasted = odd.values("lasted", (), None, ()).rows
    assert lasted["x"].tolist() == [0.25]
    assert odd.cells("below", [], None, ()).rows["wx"].tolist() == [9]


@pytest.mark.parametrize("write", ["DELETE FROM odd", "INSERT INTO odd (id) VALUES ('x')", "CREATE TABLE o (x INT)"])
def test_whoever_may_write_cannot_do_so_here(address: str, write: str) -> None:
    engine = make_engine(address, Limits())
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="READ ONLY"):
        connection.exec_driver_sql(write)
    engine.dispose()


def test_the_server_itself_ends_what_takes_too_long(address: str) -> None:
    engine = make_engine(mariadb.reader(address), Limits(seconds=0.2))
    endless = "SELECT COUNT(*) FROM " + ", ".join(f"seq_1_to_100000 AS s{i}" for i in range(3))
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=r"1969.*max_statement_time"):
        connection.exec_driver_sql(endless + " WHERE s0.seq + s1.seq + s2.seq < 0")
    engine.dispose()


def test_rows_are_read_as_they_come(address: str, tmp_path: Path) -> None:
    """A million rows pass in parts: none waits for the last."""
    limits = Limits()
    connection = Connection(make_engine(mariadb.reader(address), limits), limits)
    batches = connection.batches(sa.select(sa.column("seq", sa.BigInteger)).select_from(sa.text("seq_1_to_1000000")))
    sizes = [batch.num_rows for batch in batches]
    connection.close()
    assert sum(sizes) == 1_000_000 and len(sizes) > 10


@pytest.mark.parametrize("wrong", [("reads", "guess"), ("/test", "/nowhere")])
def test_a_wrong_password_or_database_is_said_without_the_password(address: str, wrong: tuple[str, str]) -> None:
    with pytest.raises(Unreachable) as problem:
        open_warehouse(mariadb.reader(address).replace(*wrong), parse_model(MODEL))
    assert problem.value.statement.key == "warehouse.unreachable"
    assert "guess" not in str(problem.value) and ":reads" not in str(problem.value)
