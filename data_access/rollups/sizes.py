"""How many rows would a rollup have? Estimated from a sample of the contacts.

Estimator: Charikar, Chaudhuri, Motwani and Narasayya (2000), "Towards estimation error guarantees for distinct
values": sqrt(N / n) times the combinations seen once, and those seen more often as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.warehouse.contacts import Contacts
from data_access.warehouse.rolled import grain_key
from data_access.warehouse.rollup_view import GRAINS, HALF, View, columns_of, key_columns

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


def sample(contacts: Contacts, dimensions: Sequence[str], *, most: int = SAMPLED) -> Sample:
    """The columns that rollups of these dimensions can have."""
    fullest = View(name="", grain="hour", dimensions=tuple(dimensions), valued=True)
    kept = [*key_columns(contacts.model, fullest), *columns_of(contacts.model, dimensions)]
    wanted = [contacts.table.c[name].label(f"c{i}") for i, name in enumerate(dict.fromkeys(kept))]
    names = list(dict.fromkeys(kept))
    if contacts.model.time is not None:
        wanted = [*(grain_key(contacts, grain).label(f"t{i}") for i, grain in enumerate(GRAINS)), *wanted]
        names = [*GRAINS, *names]
    if contacts.has_halves():
        wanted, names = [*wanted, contacts.half().label("half")], [*names, HALF]
    of = int(
        contacts.connection.run(contacts.select([contacts.number().label("contacts")], None, ())).rows.iloc[0, 0]
    )
    query = contacts.dialect.sampled(contacts.table, wanted, [], identity=contacts.identity, most=most, of=of)
    coded = contacts.connection.coded(query, [False] * len(wanted))
    return Sample({name: c.codes.astype(np.int64) + 1 for name, c in zip(names, coded, strict=True)}, of)


def columns_needed(contacts: Contacts, view: View) -> list[str]:
    """The columns of a sample by which the rows of a view differ."""
    time = [view.grain] if view.grain else []
    return [*time, *key_columns(contacts.model, view), *([HALF] if view.halved else [])]
