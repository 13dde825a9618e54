"""How do columns belong together? Two times with something to wait for between them, and the line of the staff."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa

BEGINS = re.compile(
    r"report|creat|open|start|begin|submit|receiv|raised|arriv|提交|创建|受理|登记|报障|来电|呼入|开始|派单", re.I
)
ENDS = re.compile(
    r"respon|answer|repl|clos|resol|complet|finish|\bend|答复|响应|应答|接通|回复|办结|完成|结束|归档", re.I
)
NO_ENDS = re.compile(r"order_?date|purchase|survey|due|birth|load|extract|下单|购买|测评|截止|生日|入库|抽取", re.I)
RANKS = (  # who serves, above whom, below whom
    re.compile(r"agent|advisor|operator|representative|坐席|座席|客服|话务员|员工", re.I),
    re.compile(r"supervisor|team.?lead|leader|班长|组长|主管", re.I),
    re.compile(r"manager|经理", re.I),
)
OTHER_THAN_PEOPLE = re.compile(r"tenure|shift|skill|type|level|tier|group|司龄|班次|技能|类型|等级|级别|组$", re.I)
KNOWN, NEARLY, MOST_MEMBERS = 0.5, 0.1, 5_000


@dataclass(frozen=True)
class Between:
    """The time from column `since` to `column`: known in n rows, in `impossible` of them the end comes first."""

    since: str
    column: str
    n: int
    impossible: int


@dataclass(frozen=True)
class Line:
    """Of the members of `child`, how many stand under several of `parent`."""

    child: str
    parent: str
    members: int
    moving: int

    @property
    def holds(self) -> bool:
        return self.moving <= NEARLY * self.members


@dataclass(frozen=True)
class Staff:
    """The columns of staff from the lowest rank up, each with the next; `holds`: whether they are one line.

    They are when nearly every member of the lowest rank has one above it in every other. The ranks above may
    themselves stand under several.
    """

    lines: tuple[Line, ...] = ()
    holds: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.lines[0].child, *(line.parent for line in self.lines)) if self.lines else ()


NO_STAFF = Staff()


def between(connection: sa.Connection, table: sa.Table, times: Sequence[str]) -> tuple[Between, ...]:
    """What is waited for: from the first column that names a beginning to each that names an end, where known."""
    begins = [name for name in times if BEGINS.search(name) and not NO_ENDS.search(name)]
    ends = [name for name in times if ENDS.search(name) and not NO_ENDS.search(name) and name not in begins]
    found = [_between(connection, table, begins[0], end) for end in ends] if begins else []
    return tuple(b for b, rows in found if b.n >= KNOWN * rows and b.impossible <= KNOWN * b.n)


def _between(connection: sa.Connection, table: sa.Table, since: str, end: str) -> tuple[Between, int]:
    first, last = table.c[since], table.c[end]
    known = sa.and_(first.is_not(None), last.is_not(None))
    counts = [sa.func.count(), _count(known), _count(last < first)]
    found = connection.execute(sa.select(*counts).select_from(table)).one()
    rows, n, impossible = (int(count or 0) for count in found)
    return Between(since, end, n, impossible), rows


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def staff(connection: sa.Connection, rows: sa.Subquery, words: Sequence[str]) -> Staff:
    """The line of the staff among columns of words; empty where fewer than two ranks are there."""
    people = [name for name in words if not OTHER_THAN_PEOPLE.search(name)]
    ranked = [next((n for n in people if rank.search(n) and not _taken(n, rank)), None) for rank in RANKS]
    columns = [name for name in ranked if name]
    if len(columns) < 2 or len(set(columns)) < len(columns):
        return Staff()
    lines = tuple(_line(connection, rows, *pair) for pair in pairwise(columns))
    above = [_line(connection, rows, columns[0], name) for name in columns[2:]]
    return Staff(lines, all(line.holds for line in (lines[0], *above)))


def _taken(name: str, rank: re.Pattern[str]) -> bool:
    """Whether a header names a higher rank as well: the agent's supervisor is no agent."""
    return any(other.search(name) for other in RANKS[RANKS.index(rank) + 1 :])


def _line(connection: sa.Connection, rows: sa.Subquery, child: str, parent: str) -> Line:
    lower, upper = rows.c[child], rows.c[parent]
    above = sa.func.count(sa.distinct(upper)).label("above")
    each = sa.select(lower, above).where(lower.is_not(None), upper.is_not(None)).group_by(lower).subquery()
    counts = connection.execute(sa.select(sa.func.count(), _count(each.c.above > 1)).select_from(each)).one()
    return Line(child, parent, int(counts[0] or 0), int(counts[1] or 0))
