"""A query is written as if it had been compiled with its own values, whatever queries of its form came before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse import Warehouse
from data_access.warehouse.query_text import QueryText
from tests.data_access.warehouse.conftest import BUSINESSES

Opened = Callable[..., Warehouse]


def test_each_has_its_own_values(opened: Opened) -> None:
    contacts = opened()._contacts
    writer, metric = QueryText(contacts.connection._engine), contacts.model.measure("score")
    for day in (1, 2):
        period = Period(date(2026, 10, day), date(2026, 11, day))
        for values in ((BUSINESSES[0],), (BUSINESSES[2], "%s :x $1 [POSTCOMPILE]"), BUSINESSES):
            filters = (Filter("business", values), Filter("scenes", ("home",)), Filter("reason", ("a'b",)))
            conditions = contacts.expressions.where(period, filters)
            answers = contacts.answers(metric, [contacts.dialect.random_part(contacts.identity, 2 + day)], conditions)
            query = sa.select(sa.func.count(), answers.c.x).group_by(answers.c.x).having(answers.c.x.in_([day, 5]))
            plain = query.compile(contacts.connection._engine, compile_kwargs={"literal_binds": True})
            doubled = contacts.connection._engine.dialect.identifier_preparer._double_percents
            assert writer.of(query) == (str(plain).replace("%%", "%") if doubled else str(plain))
    assert len(writer._known) < 6, "those of one form are compiled once"
