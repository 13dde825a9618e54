"""How values stand in what Spark is asked, for it takes no parameters; the answers themselves are proven on Spark."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from data_access.warehouse.dialects import dialect_of
from data_access.warehouse.dialects.spark_sql import SparkDialect, written

CONTACTS = sa.table(
    "contacts",
    sa.column("team", sa.String),
    sa.column("score", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    schema="lake.care",
)
ENDS = re.compile(r"(?<!\\)(?:\\\\)*'")  # what ends a text of Spark: a quotation mark that no backslash disarms


def _asked(query: sa.Select[tuple[object, ...]]) -> str:
    compiled = query.compile(dialect=SparkDialect())
    return str(compiled._process_parameters_for_postcompile(compiled.params).statement)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["'", "\\'", "\\\\'; DROP TABLE x; --", "${env:HOME}", "\\u0027", "%s", ":a", "中\n\t"]
)
def test_a_text_ends_where_it_should(text: str) -> None:
    literal = written(text)
    assert literal.startswith("'") and ENDS.search(literal, 1).end() == len(literal)  # type: ignore[union-attr]
    assert "${" not in literal
    assert literal[1:-1].replace("\\u0024", "$").replace("\\'", "'").replace("\\\\", "\\") == text


def test_numbers_and_times_keep_their_kind() -> None:
    assert [written(v) for v in (1, 1.0, 1e-9, Decimal("0.5"))] == ["1", "1.0D", "1e-09D", "0.5"]
    assert written(float("inf")) == "double('inf')"
    assert written(datetime(2026, 10, 1, 8, tzinfo=UTC)) == "TIMESTAMP '2026-10-01 08:00:00+00:00'"
    assert written(datetime(2026, 10, 1, 8)) == "TIMESTAMP_NTZ '2026-10-01 08:00:00'"
    assert written(date(2026, 10, 1)) == "DATE '2026-10-01'"


def test_values_stand_in_the_query_and_names_between_backquotes() -> None:
    columns = CONTACTS.c
    asked = _asked(sa.select(columns.score % 2).where(columns.team.in_(["a%", "b'"])))
    assert "FROM lake.care.contacts" in asked and "score % 2" in asked
    assert asked.endswith("team IN ('a%', 'b\\'')")
    assert _asked(sa.select(sa.column("在办公室"), sa.column("full"))) == "SELECT `在办公室`, `full`"


def test_cuts_are_told_apart_and_ranks_have_an_order() -> None:
    rows = sa.select(CONTACTS.c.team, CONTACTS.c.score).subquery("r")
    spark = dialect_of("spark")
    asked = _asked(spark.grouped(rows, [["team"], ["score"]], [sa.func.count().label("n")]))
    assert "grouping_id()" in asked and "GROUPING SETS((r.team), (r.score))" in asked
    assert "row_number() OVER ( ORDER BY NULL)" in _asked(sa.select(spark.random_part(None, 4)))
