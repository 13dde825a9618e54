"""What only ClickHouse does: absent values as 0 or '', times in the zone of a server, settings of a user."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from data_access.selection import Period
from data_access.statement import BadInput, Unreachable
from data_access.warehouse import Limits
from data_access.warehouse.connection import Connection
from data_access.warehouse.dialects import clickhouse
from data_access.warehouse.dialects.clickhouse_words import Padded
from data_access.warehouse.source import make_engine
from tests.engines import Filled
from tests.engines.clickhouse import reader, served

pytestmark = pytest.mark.engines
NASTY = ("it's", "a\\b", "\\'", "%s", "%%", ":x", '"', "`", "中\n\t", "\\u0041", "{x:String}", "")
NIGHT = datetime(2026, 10, 1, 0, 30)
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
PLAIN = """CREATE TABLE plain (n UInt64, word LowCardinality(String), part Int8,
    `odd 'name` Enum8('it\\'s' = -1, '中' = 2, '' = 3), at DateTime, there DateTime('UTC'),
    exact DateTime64(3, 'Asia/Shanghai'), day Date, cost Decimal(9, 3), ratio Float32, yes Bool, code FixedString(3),
    tags Array(String)) ENGINE = MergeTree ORDER BY at"""
ROWS = """INSERT INTO plain VALUES
    (18446744073709551615, 'a', 1, 'it\\'s', '2026-10-01 00:30:00', '2026-09-30 16:30:00', '2026-10-01 00:30:00.125',
        '2026-10-01', 0.125, 0.5, true, 'xy', ['t']),
    (2, '', 2, '中', '2026-10-01 00:31:00', '2026-09-30 16:31:00', '2026-10-01 00:31:00.500', '2026-10-02', 2.5, 1.5,
        false, 'zz', []),
    (3, 'a', 3, '', '2026-10-01 00:32:00', '2026-09-30 16:32:00', '2026-10-01 00:32:00', '2026-10-03', 3, 2.5, true,
        'xy', [])"""


@pytest.fixture(scope="module")
def nasty(filled_on: Filled) -> Iterator[Connection]:
    rows = [{"said": text, "kind": text, "at": NIGHT, "wall": NIGHT} for text in NASTY]
    kinds = {"said": "text", "kind": "enum", "at": "moment", "wall": "time"}
    opened = _opened(filled_on("clickhouse", {"texts": (kinds, rows)}))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server in New York with a table in which nothing can be NULL; its address, for who may write."""
    pytest.importorskip("chdb")
    with served(tmp_path_factory.mktemp("clickhouse"), NEW_YORK) as address:
        engine = sa.create_engine(f"{address}/default")
        with engine.connect() as writing:
            for said in (PLAIN, ROWS, "CREATE VIEW seen AS SELECT * FROM plain WHERE part < 3"):
                writing.exec_driver_sql(said)
        engine.dispose()
        yield f"{address}/default"


@pytest.fixture(scope="module")
def plain(elsewhere: str) -> Iterator[Connection]:
    opened = _opened(reader(elsewhere))
    yield opened
    opened.close()


def _opened(address: str, seconds: float = 60.0) -> Connection:
    limits = Limits(seconds=seconds)
    return Connection(make_engine(address, limits), limits)


def test_a_text_is_itself_wherever_it_stands(nasty: Connection) -> None:
    c = nasty.reflect("texts").c
    assert sorted(c.kind.type.enums) == sorted(NASTY)
    for text in NASTY:
        found = nasty.run(
            sa.select(c.said, c.kind, sa.literal(text).label("own")).where(c.said == text, c.kind == text)
        )
        assert found.rows.to_numpy().tolist() == [[text, text, text]]
        with nasty._engine.connect() as speaking:
            assert speaking.exec_driver_sql(found.sql.replace("%", "%%")).all() == [(text, text, text)]


def test_columns_have_their_kinds(plain: Connection) -> None:
    c = plain.reflect("plain").c
    assert c["odd 'name"].type.enums == ["it's", "中", ""]
    assert [c[name].type.timezone for name in ("at", "there", "exact")] == [False, True, True]
    assert (c.cost.type.precision, c.cost.type.scale) == (9, 3)
    kinds = {name: c[name].type.__class__ for name in ("n", "word", "day", "ratio", "yes", "code", "tags")}
    assert kinds == {
        "n": sa.BigInteger, "word": sa.String, "day": sa.Date, "ratio": sa.Double, "yes": sa.Boolean,
        "code": Padded, "tags": sa.types.NullType,
    }  # fmt: skip
    assert plain.run(sa.select(c.n, c.day, c.yes, c.code).order_by(c.n.desc()).limit(1)).rows.iloc[0].tolist() == [
        2**64 - 1, date(2026, 10, 1), True, "xy",
    ]  # fmt: skip
    assert plain.run(sa.select(sa.func.count().label("n")).select_from(plain.reflect("seen"))).rows["n"].tolist() == [
        2
    ]
    with pytest.raises(BadInput, match=r"warehouse\.no_table"):
        plain.reflect("plane")


def test_times_are_those_of_the_clocks_they_stand_for(plain: Connection) -> None:
    """Without a zone as the server in New York shows them; with one as clocks in the zone of the model do."""
    c, d = plain.reflect("plain").c, plain.dialect
    local = [d.local_time(c[name], SHANGHAI) for name in ("at", "there", "exact")]
    query = sa.select(*(t.label(f"t{i}") for i, t in enumerate(local)), c.at, c.there).where(c.part == 1)
    row = plain.run(query).rows.iloc[0]
    assert [row[name].to_pydatetime() for name in ("t0", "t1", "at")] == [NIGHT] * 3
    assert row["t2"].to_pydatetime() == NIGHT.replace(microsecond=125_000)
    assert row["there"].to_pydatetime() == NIGHT.replace(tzinfo=ZoneInfo(SHANGHAI))
    assert plain.run(sa.select(sa.func.count().label("n")).where(*(t >= NIGHT for t in local))).rows[
        "n"
    ].tolist() == [3]
    parts = [
        d.time_part(t, part).label(f"p{i}{part}") for i, t in enumerate(local) for part in ("day", "hour", "month")
    ]
    at_night = plain.run(sa.select(*parts).where(c.part == 1)).rows.iloc[0].tolist()
    assert at_night == [date(2026, 10, 1), 0, date(2026, 10, 1)] * 3
    assert plain.run(sa.select(d.seconds(c.there, c.exact).label("s")).where(c.part == 2)).rows["s"].tolist() == [0.5]


def test_a_server_in_greenwich_shows_the_same_clocks(nasty: Connection) -> None:
    c, d = nasty.reflect("texts").c, nasty.dialect
    zones = (SHANGHAI, NEW_YORK, "UTC")
    local = [d.local_time(c.at, zone).label(f"t{i}") for i, zone in enumerate(zones)]
    row = nasty.run(sa.select(*local, c.wall, d.local_time(c.wall, NEW_YORK).label("same")).limit(1)).rows.iloc[0]
    there = [NIGHT.replace(tzinfo=ZoneInfo(SHANGHAI)).astimezone(ZoneInfo(z)).replace(tzinfo=None) for z in zones]
    assert [value.to_pydatetime() for value in row] == [*there, NIGHT, NIGHT]
    table = next(batch for batch in nasty.batches(sa.select(*local)) if batch.num_rows)
    assert list(table.to_pylist()[0].values()) == there


def test_a_day_begins_where_the_model_says(plain: Connection) -> None:
    c, d = plain.reflect("plain").c, plain.dialect
    for name in ("at", "there", "exact", "day"):
        for day, expected in ((date(2026, 10, 1), 3), (date(2026, 10, 2), 2 if name == "day" else 0)):
            query = sa.select(sa.func.count().label("n")).where(c[name] >= d.moment(c[name], day, SHANGHAI))
            assert plain.run(query).rows["n"].tolist() == [expected], (name, day)


def test_what_is_absent_is_null_and_neither_0_nor_empty(plain: Connection) -> None:
    c = plain.reflect("plain").c
    rows = sa.select(c.word, c.part, c["odd 'name"].label("odd"), c.at).subquery("rows")
    sets = [["word"], ["part"], ["odd"], []]
    totals = [sa.func.count().label("n"), sa.func.sum(rows.c.part).label("s")]
    cut = plain.run(plain.dialect.grouped(rows, sets, totals)).rows
    assert [
        cut.loc[cut["grouping"] == i, name].isna().all() for i, name in ((0, "part"), (1, "word"), (3, "odd"))
    ] == [True] * 3
    assert sorted(cut.loc[cut["grouping"] == 0, "word"]) == ["", "a"] and len(cut) == 2 + 3 + 3 + 1
    coded, numbers = plain.sums(plain.dialect.grouped(rows, sets, totals), 4)
    keys = list(zip(*(part.values for part in coded), strict=True))
    plainly = cut.astype(object).where(cut.notna(), None)
    assert dict(zip(keys, numbers.T.tolist(), strict=True)) == {
        tuple(row[:4]): row[4:] for row in plainly.to_numpy().tolist()
    }
    moments = [
        f(rows.c.at, [rows.c.part < 9]).label(f.__name__)
        for f in (plain.dialect.last_moment, plain.dialect.next_moment)
    ]
    follows = sa.func.lead(rows.c.part).over(order_by=rows.c.at).label("follows")
    beside = plain.run(sa.select(follows, *moments).select_from(rows).order_by(rows.c.at)).rows
    assert [beside[name].isna().tolist() for name in ("follows", "last_moment", "next_moment")] == [
        [False, False, True], [True, False, False], [False, False, True],
    ]  # fmt: skip
    nobody = sa.select(sa.func.sum(rows.c.part).label("s"), sa.func.min(rows.c.at).label("m")).where(rows.c.part > 9)
    assert plain.run(nobody).rows.isna().all(axis=None)
    other = sa.select(rows).where(rows.c.part > 9).subquery("other")
    joined = rows.outerjoin(other, rows.c.part == other.c.part)
    assert plain.run(sa.select(other.c.part, other.c.word).select_from(joined)).rows.isna().all(axis=None)


def test_arrow_holds_words_and_moments_not_their_numbers(plain: Connection) -> None:
    c = plain.reflect("plain").c
    empty, *batches = plain.batches(
        sa.select(c["odd 'name"].label("odd"), c.at, c.there, c.day, c.code).order_by(c.part)
    )
    kinds = {field.name: str(field.type) for field in empty.schema}
    assert (
        kinds["at"] == "timestamp[us]" and kinds["there"] == "timestamp[us, tz=UTC]" and kinds["day"] == "date32[day]"
    )
    row = batches[0].slice(0, 1).to_pylist()[0]
    assert (row["odd"], row["code"], row["at"], row["day"]) == ("it's", "xy", NIGHT, date(2026, 10, 1))
    assert row["there"] == NIGHT.replace(tzinfo=ZoneInfo(SHANGHAI))


def test_a_day_of_the_key_skips_what_lies_elsewhere(plain: Connection) -> None:
    """Midnight in whatever type is still compared by the index of the table."""
    c = plain.reflect("plain").c
    start = plain.dialect.moment(c.at, Period(date(2026, 10, 2), date(2026, 10, 3)).start, NEW_YORK)
    text = plain.text(sa.select(sa.func.count().label("n")).where(c.at >= start))
    with plain._engine.connect() as speaking:
        plan = [row[0] for row in speaking.exec_driver_sql(f"EXPLAIN indexes = 1 {text}".replace("%", "%%"))]
    assert any("Granules: 0/" in line for line in plan), plan


def test_the_server_itself_ends_what_takes_too_long(elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clickhouse.ClickHouse, "stop", lambda *_: None)
    opened, started = _opened(reader(elsewhere), seconds=0.2), time.monotonic()
    endless = sa.select(sa.func.sum(sa.text("sipHash64(number)"))).select_from(sa.text("numbers(1000000000000)"))
    with pytest.raises(Unreachable, match=r"warehouse\.too_slow"):
        opened.run(endless)
    assert time.monotonic() - started < 30
    opened.close()


@pytest.mark.parametrize(("name", "said"), [("locked", "readonly = 2"), ("nobody", "AUTHENTICATION_FAILED")])
def test_who_cannot_ask_is_told_why(elsewhere: str, name: str, said: str) -> None:
    opened = _opened(reader(elsewhere, name))
    with pytest.raises(Unreachable, match=said) as problem:
        opened.reflect("plain")
    assert "secret" not in str(problem.value)
    opened.close()
