"""Who is on the list and in a round already? Rounds are kept apart by customer, not only by contact.

Whoever is called about one contact must not be called about another one the week after; and who is held out must be
left alone as long as the effect is watched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from analysis.result import Result
from analysis.risk.recovery import FOLLOWED
from data_access.selection import Period
from data_access.workshop.monitor_records import RecoveryCase, RecoveryRound
from pages.frame import open_data
from pages.frame.context import Context

SINCE = "since"  # the first day after what was known when the lots of a round were drawn, as an ordinal
Known = Mapping[str, tuple[RecoveryRound, Sequence[RecoveryCase]]]  # the rounds by their ids, oldest first


def since_of(one: RecoveryRound) -> date:
    """The first day on which contacting can have changed anything."""
    since = one.statistics.get(SINCE)
    return date.fromordinal(int(since)) if since else one.period.end


def taken(here: Context, result: Result, rounds: Known) -> frozenset[str]:
    """Contacts of the list that are in a round, and those of customers who are in one that is still watched."""
    contacts = frozenset(case.contact for _, cases in rounds.values() for case in cases)
    first, last = result.statistics["first_day"], result.statistics["last_day"]
    if first is None or result.table.empty:
        return contacts
    watched = [(one, cases) for one, cases in rounds.values() if last < since_of(one) + timedelta(days=FOLLOWED)]
    if not watched:
        return contacts
    customers = {who for one, cases in watched for who in _whose(here, [case.contact for case in cases], one.period)}
    listed = _whose(here, result.table["contact_id"].tolist(), Period(first, last + timedelta(days=1)))
    return contacts | {contact for who, mine in listed.items() if who in customers for contact in mine}


def _whose(here: Context, contacts: Sequence[str], period: Period) -> dict[str, list[str]]:
    """The contacts of each customer."""
    found: dict[str, list[str]] = {}
    for contact, customer in open_data.customers_of(here, tuple(contacts), period).items():
        found.setdefault(customer, []).append(contact)
    return found
