"""Whom did nobody hear? What a warehouse can be asked of contacts for a model of them, and of what came later."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Sequence

from data_access.selection import Filter, Period
from data_access.warehouse import aftermath, behaviour
from data_access.warehouse.behaviour import MOST, Behaviour
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts


class RiskVerbs(ABC):
    """What happened in contacts that were answered, in those that were not, and after some of them."""

    _contacts: Contacts

    def behaviour(
        self, metric: str, names: Sequence[str], period: Period | None, filters: Iterable[Filter],
        *, answered: bool, apart: Sequence[Filter] = (), named: Period | None = None, most: int = MOST,
    ) -> Behaviour:  # fmt: skip
        """Contacts with a valid answer of a metric, or those with none, and what they hold in columns of any level.

        An exempted rating is among neither. Beyond `most` contacts a sample, always the same one. apart: filters; who
        passes any of them is marked. named: the days whose contacts and customers have their (masked) ids; by default
        all. Raises BadInput without ids of contacts, or where the model keeps groups secret.
        """
        return behaviour.behaviour(
            self._contacts, metric, names, period, filters, answered=answered, apart=apart, named=named, most=most
        )

    def aftermath(self, metric: str, codes: Sequence[str], period: Period, after: Period) -> Answer:
        """What the customers of some contacts of `period`, given by masked ids, did in the days of `after`.

        A row each that was found: contact (masked), customer (as the rows of one customer are told apart: a number),
        back (1: made contact again), complained (NaN where not known), x (raw value of the next valid answer or NaN).
        Raises BadInput without customers, times or ids, and beyond `aftermath.MOST_CONTACTS` contacts.
        """
        found = aftermath.aftermath(self._contacts, metric, codes, period, after)
        rows = found.rows.assign(customer=found.rows["customer"].astype("category").cat.codes)
        return Answer(rows, found.sql)

    def customers_of(self, codes: Sequence[str], period: Period) -> dict[str, str]:
        """The masked customer of each contact of `period` that was found by its masked id; none of a customer nobody
        knows. Raises BadInput beyond `aftermath.MOST_CONTACTS` contacts.
        """
        return aftermath.customers_of(self._contacts, codes, period)
