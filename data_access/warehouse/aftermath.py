"""What became of the customers of some contacts? Later contacts, complaints and answers, found by masked ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.selection import Period
from data_access.statement import BadInput
from data_access.warehouse.behaviour import CUSTOMER, contact_code
from data_access.warehouse.beside_contacts import is_named_in
from data_access.warehouse.cells import text_of
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.expressions import among
from data_access.warehouse.extent import moment_of
from data_access.warehouse.rows import masked

MOST_CONTACTS = 500_000  # among which masked ids are looked for
AT_ONCE = 500
COLUMNS = ("contact", "customer", "back", "complained", "x")


def aftermath(contacts: Contacts, metric: str, codes: Sequence[str], period: Period, after: Period) -> Answer:
    """As `RiskVerbs.aftermath` says."""
    contacts.check_open()
    if contacts.identity is None or contacts.model.customer_id is None or contacts.model.time is None:
        raise BadInput("repeats.no_customers")
    whose, sql = _whose(contacts, contacts.model.customer_id, frozenset(codes), period)
    customers = sorted({customer for customer in whose.values() if customer})
    found = [_later(contacts, metric, customers[at : at + AT_ONCE], after)
             for at in range(0, len(customers), AT_ONCE)]  # fmt: skip
    later = pd.concat([rows for rows, _ in found]) if found else pd.DataFrame({"customer": []})
    by = {str(customer): rows for customer, rows in later.groupby("customer")}
    known = "complained" in later
    rows = [_one(code, whose[code], by.get(whose[code]), known) for code in codes if whose.get(code)]
    return Answer(pd.DataFrame(rows, columns=list(COLUMNS)), "\n".join([sql, *(text for _, text in found[:1])]))


def customers_of(contacts: Contacts, codes: Sequence[str], period: Period) -> dict[str, str]:
    """As `RiskVerbs.customers_of` says."""
    contacts.check_open()
    if contacts.identity is None or contacts.model.customer_id is None:
        return {}
    whose, _ = _whose(contacts, contacts.model.customer_id, frozenset(codes), period)
    return {code: masked(person, CUSTOMER) or "" for code, person in whose.items() if person}


def _whose(contacts: Contacts, customer: str, codes: frozenset[str], period: Period) -> tuple[dict[str, str], str]:
    """The customer of each contact, by its masked id: only here a masked id meets what it stands for."""
    counted = contacts.select([sa.func.count().label("n")], period, ())
    if (n := int(contacts.connection.run(counted).rows.iloc[0, 0])) > MOST_CONTACTS:
        raise BadInput("risk.too_many_contacts", n=n, most=MOST_CONTACTS)
    assert contacts.identity is not None, "asked before"
    query = contacts.select([contacts.identity.label("id"), contacts.table.c[customer].label("whose")], period, ())
    ids, persons = contacts.connection.coded(query, [False, False])
    named = [contact_code(value) for value in ids.distinct]
    wanted = np.array([name in codes for name in named], dtype=bool)
    rows = np.flatnonzero(wanted[ids.codes] & (ids.codes >= 0)) if len(named) else np.empty(0, dtype=np.intp)
    people = [text_of(value) or "" for value in persons.at(rows)]
    whose = {named[ids.codes[row]]: person for row, person in zip(rows, people, strict=True)}
    return whose, contacts.connection.text(query)


def _later(contacts: Contacts, metric: str, customers: Sequence[str], after: Period) -> tuple[pd.DataFrame, str]:
    """Contacts of these customers in a period, in order of time: customer, x, complained where that is known."""
    model, e, measure = contacts.model, contacts.expressions, contacts.model.measure(metric)
    assert model.time is not None and model.customer_id is not None, "asked before"
    whose = contacts.table.c[model.customer_id]
    columns = [whose.label("customer"), e.local_time().label("time"),
               sa.case((sa.and_(*contacts.valid(measure)), e.value(measure))).label("x")]  # fmt: skip
    if "complaints" in model.tables and (named := is_named_in(contacts, "complaints")) is not None:
        columns.append(sa.case((named, 1), else_=0).label("complained"))
    answer = contacts.connection.run(contacts.select(columns, after, ()).where(among(whose, customers)))
    zone = ZoneInfo(model.time.timezone)
    rows = answer.rows.assign(customer=[text_of(value) or "" for value in answer.rows["customer"]],
                              time=[moment_of(value, zone) for value in answer.rows["time"]],
                              x=pd.to_numeric(answer.rows["x"], errors="coerce").astype(float))  # fmt: skip
    return rows.sort_values("time", kind="stable", ignore_index=True), answer.sql


def _one(code: str, customer: str, later: pd.DataFrame | None, known: bool) -> dict[str, Any]:
    """A contact and what became of its customer; the next valid answer counts."""
    one = {"contact": code, "customer": customer, "back": float(later is not None), "x": np.nan}
    if later is None:
        return one | {"complained": 0.0 if known else np.nan}
    answers = later["x"].dropna()
    complained = float(later["complained"].astype(float).max()) if known else np.nan
    return one | {"complained": complained, "x": answers.iloc[0] if len(answers) else np.nan}
