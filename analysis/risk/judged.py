"""Which of the contacts without an answer can be judged, and who is on the list? One contact a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.risk import protected, said
from analysis.risk.choice import DIGITS, Chosen
from analysis.risk.trained import Trained
from analysis.stats.intervals import Array

LISTED = 1_000  # customers at most
COLUMNS = ("contact_id", "time", "probability", "reasons", "kept_in")


@dataclass(frozen=True)
class Judged:
    """rows: places of the contacts judged, one a customer; share: their probabilities.

    contacts: without an answer; outside: of these, like hardly anybody who answered; elsewhere: of customers who
    answered about another contact of these days; again: further contacts of a customer who is judged already.
    """

    rows: Array
    share: Array
    contacts: int
    outside: int
    elsewhere: int
    again: int


def judged(found: Trained) -> Judged:
    """The contacts without an answer that something was learned of, the likeliest of each customer."""
    columns, n = found.unheard_columns, found.unheard.codes.n
    outside = found.model.outside(columns)
    share = found.model.share(columns)
    customers = found.unheard.customers(np.arange(n))
    answered = _answered(found)
    elsewhere = ~outside & np.array([bool(c) and c in answered for c in customers], dtype=bool)
    free = np.flatnonzero(~outside & ~elsewhere)
    order = free[np.argsort(-np.round(share[free], DIGITS), kind="stable")]
    own = [customers[row] or f"row {row}" for row in order]
    first = order[~pd.Series(own, dtype=object).duplicated().to_numpy(dtype=bool)] if len(order) else order
    return Judged(first, share[first], n, int(outside.sum()), int(elsewhere.sum()), len(order) - len(first))


def _answered(found: Trained) -> frozenset[str]:
    """Customers who answered about a contact of the days that are judged."""
    days = found.asked.judged
    if days is None:
        return frozenset()
    day = found.heard.day
    there = np.flatnonzero((day >= days.start.toordinal()) & (day < days.end.toordinal()))
    return frozenset(found.heard.customers(there)) - {""}


def listed(found: Trained, whom: Judged, chosen: Chosen) -> pd.DataFrame:
    """The chosen, the likeliest first: COLUMNS. kept_in: why a customer is never held out, empty where nothing is."""
    rows = whom.rows[chosen.rows[:LISTED]]
    kept = kept_in(found)
    table = {
        "contact_id": found.unheard.contacts(rows),
        "time": [_day(day) for day in found.unheard.day[rows].tolist()],
        "probability": whom.share[chosen.rows[:LISTED]],
        "reasons": said.reasons(found.model, found.unheard_columns, rows, found.units),
        "kept_in": [kept[row] for row in rows],
    }
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in table.items()}, columns=[*COLUMNS]
    )
    return frame.astype({"probability": float})


def kept_in(found: Trained) -> list[str]:
    """For each contact why its customer is never held out: a complaint, protection, or nothing."""
    unheard = found.unheard
    complaint = unheard.touched | _speaks_of_complaint(found)
    old = protected.old(found.unheard_columns, found.ages, unheard.codes.n) | unheard.apart
    why = np.select([complaint, old], [said.COMPLAINT, said.PROTECTED], "")
    return [str(code) for code in why]


def _speaks_of_complaint(found: Trained) -> Array:
    """Whether any name of where or about what a contact was speaks of a complaint."""
    hit = np.zeros(found.unheard.codes.n, dtype=bool)
    for column in found.unheard.codes.columns.values():
        if isinstance(column.values, tuple):
            says = [said.COMPLAINT_NAMED.search(name) is not None for name in column.values]
            hit |= np.array([*says, False])[column.codes]
    return hit


def _day(ordinal: float) -> date | None:
    return None if np.isnan(ordinal) else date.fromordinal(int(ordinal))
