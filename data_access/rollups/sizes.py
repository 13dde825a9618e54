"""How many rows would a rollup have? Estimated from a sample of the contacts.

Estimator: Charikar, Chaudhuri, Motwani and Narasayya (2000), "Towards estimation error guarantees for distinct
values": sqrt(N / n) times the combinations seen once, and those seen more often as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from data_access.selection import Period, months_later
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression
from data_access.warehouse.extent import extent
from data_access.warehouse.rolled import grain_key
from data_access.warehouse.rollup_view import GRAINS, HALF, View, key_columns

SAMPLED = 200_000
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Some contacts as codes by column: of `of` contacts, always the same ones. Columns of time go by their grain."""

    columns: dict[str, Codes]
    of: int
    _known: dict[frozenset[str], Codes] = field(default_factory=dict)

    def rows(self, names: Iterable[str]) -> float:
        """About how many different combinations of these columns all contacts have."""
        places = self._combined(frozenset(names))
        counts = np.bincount(places)
        once, seen = int((counts == 1).sum()), len(counts)
        estimate = math.sqrt(self.of / max(len(places), 1)) * once + seen - once
        return min(estimate, float(self.of))

    def _combined(self, names: frozenset[str]) -> Codes:
        """Which combination each contact holds, as places from 0 on; of all but the last column they are known."""
        if names not in self._known:
            if not names:
                return np.zeros(len(next(iter(self.columns.values()), ())), dtype=np.int64)
            *others, last = sorted(names, key=self._order.__getitem__)
            before, own = self._combined(frozenset(others)), self.columns[last]
            self._known[names] = pd.factorize(before * (int(own.max(initial=0)) + 1) + own)[0].astype(np.int64)
        return self._known[names]

    @property
    def _order(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.columns)}


@dataclass(frozen=True)
class Sizes:
    """Samples by the grain that they tell the sizes of, and how many stretches like theirs there are."""

    contacts: Contacts
    of: int
    samples: Mapping[str, tuple[Sample, float]]

    def rows(self, view: View) -> float:
        """About how many rows a view has."""
        drawn, times = self.samples[view.grain]
        return min(drawn.rows(columns_needed(self.contacts, view)) * times, float(self.of))


def sizes(contacts: Contacts, dimensions: Sequence[str], *, most: int = SAMPLED) -> Sizes:
    """The sizes that rollups of these dimensions would have.

    A row is of one day or one month, so that few of these are looked at as closely as can be.
    """
    there = extent(contacts)
    if there.first is None or there.last is None:
        return Sizes(contacts, there.contacts, {"": (_sample(contacts, dimensions, [], most), 1.0)})
    first, last = there.first.date(), there.last.date()
    number = (last - first).days + 1
    few = min(number, max(1, most * number // max(there.contacts, 1)))
    days = [first + timedelta(int(i)) for i in np.linspace(0, number - 1, few)]
    middle = first + timedelta(number // 2)
    month = Period(middle.replace(day=1), months_later(middle.replace(day=1), 1))
    by_day = _sample(contacts, dimensions, [Period(day, day + timedelta(1)) for day in days], most)
    by_month = _sample(contacts, dimensions, [month], most)
    inside = (min(month.end, last + timedelta(1)) - max(month.start, first)).days
    each = (by_day, number / len(days))
    return Sizes(contacts, there.contacts, {"day": each, "hour": each, "month": (by_month, number / inside)})


def _sample(contacts: Contacts, dimensions: Sequence[str], stretches: Sequence[Period], most: int) -> Sample:
    """The columns that rollups of these dimensions can have, of contacts of some stretches."""
    fullest = View(name="", grain="hour", dimensions=tuple(dimensions), valued=True)
    names = list(key_columns(contacts.model, fullest))
    wanted: list[Expression] = [contacts.table.c[name].label(f"c{i}") for i, name in enumerate(names)]
    if contacts.model.time is not None:
        wanted = [*(grain_key(contacts, grain).label(f"t{i}") for i, grain in enumerate(GRAINS)), *wanted]
        names = [*GRAINS, *names]
    if contacts.has_halves():
        wanted, names = [*wanted, contacts.half()], [*names, HALF]
    conditions = [sa.or_(*(sa.and_(*contacts.expressions.where(one, ())) for one in stretches))] if stretches else []
    counted = contacts.select([contacts.number().label("contacts")], None, ()).where(*conditions)
    of = int(contacts.connection.run(counted).rows.iloc[0, 0])
    query = contacts.dialect.sampled(contacts.table, wanted, conditions, identity=contacts.identity, most=most, of=of)
    coded = contacts.connection.coded(query, [False] * len(wanted))
    return Sample({name: c.codes.astype(np.int64) + 1 for name, c in zip(names, coded, strict=True)}, of)


def columns_needed(contacts: Contacts, view: View) -> list[str]:
    """The columns of a sample by which the rows of a view differ."""
    time = [view.grain] if view.grain else []
    return [*time, *key_columns(contacts.model, view), *([HALF] if view.halved else [])]
