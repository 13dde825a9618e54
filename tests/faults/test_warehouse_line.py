"""A warehouse on a server whose line breaks, or whose tables are altered: one sentence, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.statement import BadInput, Unreachable
from data_access.warehouse import Limits, Warehouse, open_warehouse
from tests.data_access.workshop.conftest import key_of

from .proxy import Proxy
from .world import MODEL, fill

pytestmark = pytest.mark.postgres
LIMIT_S = 2.0


@pytest.fixture
def warehouse(database: str, line: Proxy) -> Iterator[Warehouse]:
    fill(database)
    warehouse = opened(line.url)
    yield warehouse
    line.heal()
    warehouse.close()


def opened(url: str) -> Warehouse:
    return open_warehouse(url, parse_model(MODEL), limits=Limits(LIMIT_S))


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(Unreachable) as error:
        ask()
    return key_of(error)


def test_a_warehouse_that_was_away_answers_again_at_once(line: Proxy, warehouse: Warehouse) -> None:
    teams = set(warehouse.members("team"))
    line.cut()
    assert set(warehouse.members("team")) == teams == {f"team {number}" for number in range(4)}
    line.away()
    assert refused(lambda: warehouse.members("team")) == "warehouse.unreachable"
    assert refused(lambda: opened(line.url)) == "warehouse.unreachable"
    line.heal()
    assert set(warehouse.members("team")) == teams


@pytest.mark.filterwarnings("ignore:.*ServerCursor")  # its line is gone: it cannot be closed
def test_an_answer_that_breaks_off_is_no_answer(line: Proxy, warehouse: Warehouse) -> None:
    whole = warehouse.codes(["team", "business"], None, ())
    for count in (100, 20_000):
        line.cut_after(count)
        assert refused(lambda: warehouse.codes(["team", "business"], None, ())) == "warehouse.unreachable"
        line.heal()
    again = warehouse.codes(["team", "business"], None, ())
    assert repr(again) == repr(whole)


@pytest.mark.prove
def test_a_line_that_falls_silent_keeps_nobody_for_ever(line: Proxy, warehouse: Warehouse) -> None:
    line.silence()  # while nothing is asked
    assert refused(lambda: warehouse.members("team")) == "warehouse.unreachable"
    line.heal()
    warehouse.members("team")
    line.slow(1.0, holds=b"business")  # in the middle of a question
    silent = threading.Timer(0.5, line.silence)
    silent.start()
    assert refused(lambda: warehouse.members("business")) == "warehouse.unreachable"
    silent.join()
    line.heal()
    assert len(warehouse.members("business")) == 3


@pytest.mark.prove
def test_a_name_that_no_longer_leads_anywhere_is_one_sentence() -> None:
    assert refused(lambda: opened("postgresql://li:secret@satrace.invalid/contacts")) == "warehouse.unreachable"


@pytest.mark.prove
@pytest.mark.parametrize(
    ("altered", "back"),
    [
        ("DROP COLUMN team", "ADD COLUMN team TEXT DEFAULT 'team 1'"),
        (
            "ALTER COLUMN score TYPE TEXT USING 'x' || score",
            "ALTER COLUMN score TYPE INT USING substr(score, 2)::INT",
        ),
        ("RENAME TO answers_away", ""),
    ],
)
def test_a_table_that_is_altered_is_read_anew(database: str, warehouse: Warehouse, altered: str, back: str) -> None:
    def asked(over: Warehouse) -> object:
        return over.cells("score", ["team"], None, ())

    def alter(how: str, table: str = "answers") -> None:
        with engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {table} {how}"))

    engine = sa.create_engine(database)
    before = repr(asked(warehouse))
    for _ in range(6):  # by now the driver has the statement prepared
        asked(warehouse)
    alter("ADD COLUMN further INT")
    assert repr(asked(warehouse)) == before and not warehouse.is_outdated
    alter(altered)
    assert refused(lambda: asked(warehouse)) == "warehouse.altered" and warehouse.is_outdated
    if altered != "ALTER COLUMN score TYPE TEXT USING 'x' || score":
        with pytest.raises(BadInput):
            opened(database)
    alter(*((back,) if back else ("RENAME TO answers", "answers_away")))
    again = opened(database)
    asked(again)
    assert not again.is_outdated
    again.close()
    engine.dispose()
