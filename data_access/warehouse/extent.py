"""How much is there, and from when to when? Also the moment the data were taken at, up to which things are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data_access.row_roles import Time
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression


@dataclass(frozen=True)
class Extent:
    """What the data hold: number of rows, first and last contact, latest load, and when they were taken.

    extracted: as the model says (a column's latest value or a moment), else the latest load, else the last contact.
    """

    contacts: int
    first: datetime | None
    last: datetime | None
    loaded: datetime | None
    extracted: datetime | None = None


def extent(contacts: Contacts) -> Extent:
    """Size and time span of the table."""
    time = contacts.model.time
    columns: list[Expression] = [sa.func.count().label("contacts")]
    for name, column in _moments(contacts, time).items():
        moment = contacts.dialect.known_time(contacts.expressions.column(column))
        columns += [sa.func.min(moment).label(f"{name}_min"), sa.func.max(moment).label(f"{name}_max")]
    ends = contacts.connection.run(contacts.select(columns, None, ())).rows.iloc[0].to_dict()
    zone = ZoneInfo(time.timezone) if time else None
    first, last, loaded, taken = (
        moment_of(ends.get(name), zone) for name in ("time_min", "time_max", "loaded_max", "extracted_max")
    )
    return Extent(int(ends["contacts"]), first, last, loaded, taken or _stated(time) or loaded or last)


def _moments(contacts: Contacts, time: Time | None) -> dict[str, str]:
    """The columns that hold moments of the table, by the part they play."""
    named = {"time": time.column, "loaded": time.loaded, "extracted": time.extracted} if time else {}
    return {part: column for part, column in named.items() if column and column in contacts.table.c}


def _stated(time: Time | None) -> datetime | None:
    """The moment of extraction that the model itself names, None for the name of a column."""
    try:
        stated = datetime.fromisoformat(time.extracted) if time and time.extracted else None
    except ValueError:
        return None
    return moment_of(stated, ZoneInfo(time.timezone)) if stated and time else None


def moment_of(value: object, zone: ZoneInfo | None) -> datetime | None:
    """Wall-clock time of `zone`, whatever the engine answers with."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None


def wall_clock(rows: pd.DataFrame, time: Time | None) -> pd.DataFrame:
    """Rows with moments that name their zone as wall-clock times of the contacts' zone."""
    zoned = [str(name) for name, kind in rows.dtypes.items() if isinstance(kind, pd.DatetimeTZDtype)]
    zone = time.timezone if time else "UTC"
    return rows.assign(**{name: rows[name].dt.tz_convert(zone).dt.tz_localize(None) for name in zoned})


def _parsed(text: str) -> datetime | None:
    """A moment as an engine writes it; None for one before the year 1, which no calendar of Python knows."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
