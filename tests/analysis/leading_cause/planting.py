"""Samples with one cause of their own: a random segment loses points from a random day on, with an event beside it.

A look is two months of a sample in which nothing is planted. Answers of the segment lose whole points of the scale
from the day on, so that the mean loses what was asked for; some of them name a reason of their own. The calendar
holds the event that came with it and others that did not: other dates, other reaches, ended ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from data_access.selection import Period, Selection, months_later

SINGLE = ("sub_type", "region", "touchpoint", "tier", "team", "scenario", "business", "channel")
PAIRS = (("business", "region"), ("touchpoint", "tier"), ("business", "touchpoint"), ("sub_type", "tier"),
         ("channel", "business"), ("region", "touchpoint"))  # fmt: skip
REACH = ("business", "sub_type", "touchpoint", "region", "tier", "team", "scenario", "channel")
KINDS = ("rule_change", "release", "campaign", "outage")
Bounds = tuple[float, float]
SHARE = (0.03, 0.15)
POINTS = (6.0, 18.0)
REASON = "refund_rule"
OTHERS = 5  # events that have nothing to do with it


@dataclass(frozen=True)
class Look:
    """Two months with what was planted in them; no segment: nothing."""

    path: Path
    selection: Selection
    segment: Mapping[str, str] = field(default_factory=dict)
    start: date = date.min
    points: float = 0.0
    share: float = 0.0
    event: str = ""


def looks(
    quiet: Path, folder: Path, *, seed: int, months: range, points: Bounds = POINTS, share: Bounds = SHARE
) -> Iterator[Look]:
    """One look for each of some months of a quiet sample, counted from its first; nothing is planted in the last."""
    draw = random.Random(seed)
    for place, month in enumerate(months):
        start = months_later(date(2025, 10, 1), month)
        period = Period(start, months_later(start, 1))
        path = folder / f"look_{seed}_{month}.duckdb"
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as db:
            db.execute(f"ATTACH '{quiet}' AS quiet (READ_ONLY)")
            _copy(db, period)
            selection = Selection("score", period, period.previous())
            look = _plant(db, draw, Look(path, selection), points if place < len(months) - 1 else None, share)
        yield look


def _copy(db: duckdb.DuckDBPyConnection, period: Period) -> None:
    first = months_later(period.start, -4)
    db.execute("CREATE TABLE contacts AS SELECT * FROM quiet.contacts WHERE contacted_at >= ? AND contacted_at < ?",
               [first, period.end])  # fmt: skip
    for name in ("reason_power", "labels", "complaints", "qa_evaluations", "bot_sessions", "agent_months",
                 "benchmarks", "targets", "calls", "service_targets", "calibration"):  # fmt: skip
        db.execute(f"CREATE TABLE {name} AS SELECT * FROM quiet.{name} LIMIT 2000")
    reach = ", ".join(f"{name} VARCHAR" for name in REACH)
    db.execute("CREATE TABLE events (event_id VARCHAR, kind VARCHAR, effective_at TIMESTAMP, ended_at TIMESTAMP, "
               f"owner VARCHAR, title_en VARCHAR, title_zh VARCHAR, {reach})")  # fmt: skip


def _plant(db: duckdb.DuckDBPyConnection, draw: random.Random, look: Look, lost: Bounds | None, size: Bounds) -> Look:
    """The look with a cause and its event, or with none; other events in either case."""
    period = look.selection.period
    assert period is not None
    segment, share = _segment(db, draw, period, size)
    start = period.start + timedelta(days=draw.randrange(16))
    for i in range(OTHERS):
        _event(
            db, draw, f"OTHER-{i}", _any_day(draw, period), _other_reach(db, draw, segment), ends=draw.random() < 0.4
        )
    if lost is None:
        return look
    points = draw.uniform(*lost)
    _shift(db, segment, start, points, draw)
    _event(db, draw, "CAUSE", start, _own_reach(draw, segment), ends=False)
    return Look(look.path, look.selection, segment, start, points, share, "CAUSE")


def _segment(
    db: duckdb.DuckDBPyConnection, draw: random.Random, period: Period, size: Bounds
) -> tuple[dict[str, str], float]:
    """A random segment of a realistic size, and its share of the answers."""
    while True:
        names = (draw.choice(SINGLE),) if draw.random() < 0.6 else draw.choice(PAIRS)
        columns = ", ".join(names)
        rows = db.execute(
            f"SELECT {columns}, count(*) * 1.0 / sum(count(*)) OVER () FROM contacts WHERE score IS NOT NULL "
            f"AND contacted_at >= ? GROUP BY {columns} ORDER BY {columns}", [period.start],
        ).fetchall()  # fmt: skip
        fitting = [row for row in rows if None not in row and size[0] <= row[-1] <= size[1]]
        if fitting:
            *members, share = draw.choice(fitting)
            return dict(zip(names, members, strict=True)), share


def _shift(
    db: duckdb.DuckDBPyConnection, segment: Mapping[str, str], start: date, points: float, draw: random.Random
) -> None:
    """Whole steps of the scale, by chance as many as make the mean; 1 is the least, so what is cut there is added."""
    where = " AND ".join(f"{name} = '{member}'" for name, member in segment.items())
    where += f" AND contacted_at >= '{start}' AND score IS NOT NULL"
    steps, salt = points / 10, draw.randrange(10**9)
    luck = f"(hash(contact_id || '{salt}') % 1000003) / 1000003.0"
    db.execute(f"UPDATE contacts SET reason = '{REASON}' WHERE {where} AND score < 10 AND {luck} < 0.45")
    db.execute(f"UPDATE contacts SET reason = '{REASON}' WHERE {where} AND score = 10 AND {luck} < {min(steps, 1)}")
    db.execute(f"UPDATE contacts SET score = greatest(1, score - floor({steps})::INT - "
               f"(CASE WHEN {luck} < {steps % 1} THEN 1 ELSE 0 END)) WHERE {where}")  # fmt: skip


def _own_reach(draw: random.Random, segment: Mapping[str, str]) -> dict[str, str]:
    """Whom the event names: just the segment, one condition of it, or nobody in particular."""
    luck = draw.random()
    if luck < 0.6:
        return dict(segment)
    if luck < 0.8:
        return dict([draw.choice(list(segment.items()))])
    return {}


def _other_reach(db: duckdb.DuckDBPyConnection, draw: random.Random, segment: Mapping[str, str]) -> dict[str, str]:
    """Anything: everybody, the same segment, or members of one dimension."""
    luck = draw.random()
    if luck < 0.3:
        return {}
    if luck < 0.5:
        return dict(segment)
    name = draw.choice(REACH)
    members = db.execute(f"SELECT DISTINCT {name} FROM contacts WHERE {name} IS NOT NULL ORDER BY 1").fetchall()
    return {name: draw.choice(members)[0]}


def _any_day(draw: random.Random, period: Period) -> date:
    first = period.previous().start
    return first + timedelta(days=draw.randrange((period.end - first).days))


def _event(
    db: duckdb.DuckDBPyConnection,
    draw: random.Random,
    name: str,
    start: date,
    reach: Mapping[str, str],
    *,
    ends: bool,
) -> None:
    until = start + timedelta(days=draw.randrange(8)) if ends else None
    kind = draw.choice(KINDS[2:] if ends else KINDS[:2])
    values = [name, kind, start, until, "billing", name, name, *(reach.get(column) for column in REACH)]
    db.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(values))})", values)
