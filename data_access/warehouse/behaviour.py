"""What happened in each contact, and was it answered? Dictionary-coded rows for a model; persons stay masked.

back, before: whether the customer came back within HOURS, or had been there within HOURS; NaN where nobody can tell.
young: whether it is too early to tell that nobody came back. complained: whether a row of a table `complaints` names
the contact, reopened: whether one that was opened again does; NaN where that is not recorded. touched: whether one
names any contact of its customer; of an answered contact, whether one names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse import codes
from data_access.warehouse.beside_contacts import is_named_in
from data_access.warehouse.cells import text_of
from data_access.warehouse.coded import Coded
from data_access.warehouse.codes import Codes
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.customer_gaps import judged_in, seen_in
from data_access.warehouse.dialects import Expression
from data_access.warehouse.rows import masked

HOURS = 48.0
MOST = 200_000  # contacts; of more a sample, always the same one
KIND, CUSTOMER = "t", "c"  # what the codes of a contact and of a customer begin with
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Contacts, a row each: the columns asked for (`codes.columns`), and what else is known of each.

    x: raw value of the metric, NaN without an answer. day: as an ordinal, NaN where unknown. apart: whether one of
    the filters named lets it through.
    """

    codes: Codes
    x: Floats
    day: Floats
    back: Floats
    before: Floats
    complained: Floats
    reopened: Floats
    touched: Bools
    young: Bools
    apart: Bools

    def contacts(self, rows: npt.NDArray[np.intp]) -> list[str]:
        """Masked ids of some contacts."""
        return _masked(self.codes.beside["contact"], rows, KIND)

    def customers(self, rows: npt.NDArray[np.intp]) -> list[str]:
        """Masked ids of the customers of some contacts; empty of those nobody knows."""
        known = self.codes.beside.get("customer")
        return [""] * len(rows) if known is None else _masked(known, rows, CUSTOMER)


def contact_code(value: object) -> str:
    """The masked id of a contact, empty for none."""
    return masked(text_of(value) or None, KIND) or ""


def _masked(coded: Coded, rows: npt.NDArray[np.intp], kind: str) -> list[str]:
    return [masked(text_of(value) or None, kind) or "" for value in coded.at(rows)]


def behaviour(
    contacts: Contacts, metric: str, names: Sequence[str], period: Period | None, filters: Iterable[Filter],
    *, answered: bool, apart: Sequence[Filter], named: Period | None, most: int,
) -> Behaviour:  # fmt: skip
    """As `RiskVerbs.behaviour` says."""
    contacts.check_open()
    if contacts.identity is None:
        raise BadInput("trail.no_contact_ids")
    measure, seen, parts = contacts.model.measure(metric), _seen(contacts, period), tuple(filters)
    beside = _beside(seen, measure, apart) | _persons(seen, named) | _returns(contacts, seen)
    beside |= _complaints(seen, touched=not answered)
    plain = contacts.select([sa.func.count().label("n")], period, parts).where(*_asked(contacts, measure, answered))
    found = codes.codes(seen, names, period, parts, most, beside=beside, only=_asked(seen, measure, answered),
                        of=int(contacts.connection.run(plain).rows.iloc[0, 0]))  # fmt: skip
    return _of(found)


def _asked(contacts: Contacts, measure: Metric, answered: bool) -> list[Expression]:
    """Contacts with a valid answer, or those with none; of no weight none."""
    if answered:
        return contacts.valid(measure)
    return [_is_so(contacts.expressions.valid(measure)) == 0, *contacts.weighed()]


def _seen(contacts: Contacts, period: Period | None) -> Contacts:
    """With the time since the last and until the next contact of the customer, where customers are known."""
    if contacts.model.customer_id is None or contacts.model.time is None:
        return contacts
    rules = replace(contacts.model.repeats, windows=(HOURS,))
    return seen_in(contacts, rules, [False], [period])


def _is_so(conditions: Sequence[Expression]) -> Expression:
    """1 where all conditions hold, else 0."""
    return sa.case((sa.and_(sa.true(), *conditions), 1), else_=0)


def _beside(seen: Contacts, measure: Metric, apart: Sequence[Filter]) -> dict[str, Expression]:
    model, e = seen.model, seen.expressions
    wanted: dict[str, Expression] = {"x": sa.case((sa.and_(*seen.valid(measure)), e.value(measure)))}
    if model.time:
        wanted["day"] = e.keys(model.dimension("day"))[0].element
    if apart:
        wanted["apart"] = sa.case((sa.or_(*e.where(None, apart)), 1), else_=0)
    return wanted


def _persons(seen: Contacts, named: Period | None) -> dict[str, Expression]:
    """The ids of contacts and customers; of the days `named` alone: many texts cost more than all the rest."""
    assert seen.identity is not None, "asked before"
    wanted: dict[str, Expression] = {"contact": seen.identity}
    if seen.model.customer_id:
        wanted["customer"] = seen.table.c[seen.model.customer_id]
    if named is None:
        return wanted
    within = sa.and_(*seen.expressions.where(named, ()))
    return {name: sa.case((within, column)) for name, column in wanted.items()}


def _returns(contacts: Contacts, seen: Contacts) -> dict[str, Expression]:
    model, c = seen.model, seen.table.c
    if model.customer_id is None or "until_next" not in c:
        return {}
    judged = judged_in(contacts, replace(model.repeats, windows=(HOURS,)))
    within, known = int(HOURS * seen.dialect.hour), sa.and_(*seen.expressions.given(model.customer_id))
    local = seen.expressions.local_time()
    start, end = (seen.dialect.comparable(local, moment) for moment in (judged.start, judged.end))
    return {
        "back": sa.case((sa.not_(known), sa.null()), (c["until_next"] <= within, 1), else_=0),
        "before": sa.case(
            (sa.not_(known), sa.null()), (c["since_last"] <= within, 1), (start[0] < start[1], sa.null()), else_=0
        ),
        "young": sa.case((end[0] > end[1], 1), else_=0),
    }


def _complaints(seen: Contacts, *, touched: bool) -> dict[str, Expression]:
    model = seen.model
    if "complaints" not in model.tables or (named := is_named_in(seen, "complaints")) is None:
        return {}
    found: dict[str, Expression] = {"complained": sa.case((named, 1), else_=0)}
    if (again := is_named_in(seen, "complaints", so="reopened")) is not None:
        found["reopened"] = sa.case((again, 1), else_=0)
    if touched and model.customer_id:
        whose = seen.table.c[model.customer_id]
        found["touched"] = sa.case((whose.in_(sa.select(whose).where(named, whose.is_not(None))), 1), else_=0)
    return found


def _of(found: Codes) -> Behaviour:
    beside, n = found.beside, found.n

    def numbers(name: str) -> Floats:
        return beside[name].numbers if name in beside else np.full(n, np.nan)

    def so(name: str) -> Bools:
        return np.nan_to_num(numbers(name)) > 0

    complained = numbers("complained")
    return Behaviour(codes=found, x=numbers("x"), day=_days(beside, n), back=numbers("back"),
                     before=numbers("before"), complained=complained, reopened=numbers("reopened"),
                     young=so("young"), apart=so("apart"),
                     touched=so("touched") | (np.nan_to_num(complained) > 0))  # fmt: skip


def _days(beside: Mapping[str, Coded], n: int) -> Floats:
    if "day" not in beside:
        return np.full(n, np.nan)
    coded = beside["day"]
    ordinals = [float(date.fromisoformat(str(value)[:10]).toordinal()) for value in coded.distinct]
    return Coded(coded.codes, np.array(ordinals)).numbers
