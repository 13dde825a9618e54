"""Which part does a column play by what it holds, where it has none of its own?"""

from __future__ import annotations

import re
from dataclasses import replace

from data_access.files import names
from data_access.files.choices import NO, YES, is_flag, typed
from data_access.files.profile import ColumnProfile, Holds, TableProfile
from data_access.files.roles import ColumnRole, Part
from data_access.files.scales import list_sign, order_of, split_of
from data_access.files.score import NEARLY_BLANK
from data_access.files.score_words import said_of
from data_access.files.sensitive import IN_NUMBERS, Sensitive, sensitive
from data_access.labels import Scalar
from data_access.semantics import Level

MEMBERS, MOST_TEAMS = 60, 500
TIMES = ("ms", "s", "min", "h", "d")  # units of what customers would rather have shorter
ROWS_A_MEMBER = 5
LONG_NUMBER = 9  # digits of a number that counts nothing
MOSTLY_DIFFERENT = 0.95
CODED = re.compile(
    r"type|code|kind|class|category|channel|level|tier|flag|group|类型|类别|编码|代码|等级|渠道|星级|级别|是否", re.I
)


def personal(column: ColumnProfile) -> Sensitive | None:
    """What a column gives away of a person, by its name, its label and its values."""
    if column.holds not in (Holds.TEXT, Holds.INTEGER):
        return None
    found = sensitive(column.name, column.texts)
    if found is None and column.label:
        found = sensitive(column.label, column.texts)
    return found if column.holds is Holds.TEXT or found in IN_NUMBERS else None


def by_values(c: ColumnProfile, name: str, profile: TableProfile) -> ColumnRole:
    """The part of a column that has none of its own, by what it holds."""
    role = ColumnRole(c.name, Part.IGNORED, name)
    given_away = personal(c)
    if given_away is not None:
        return replace(role, part=Part.PERSONAL, sensitive=given_away, note=f"draft.personal_{given_away.value}")
    if not c.filled:
        return replace(role, note="draft.is_empty")
    if c.distinct == 1 and not c.missing:
        return replace(role, note="draft.is_constant")
    if c.share_missing > NEARLY_BLANK and not is_flag(c):
        return replace(role, note="draft.is_blank")
    if c.is_time:
        else_ = names.time_rank(c.name) == names.OTHER_TIME
        return replace(role, note="draft.is_date_of_else" if else_ else "draft.is_other_time")
    if names.REASONS.search(c.title) and not c.is_number:
        return _reason(c, role)
    if is_flag(c):
        return flag(c, role)
    return _number(c, role, profile) if c.is_number else _words(c, role, profile)


def _reason(c: ColumnProfile, role: ColumnRole) -> ColumnRole:
    split = split_of(c.values) or ""
    parts = {p for v in c.texts for p in (v.split(split) if split else [v])}
    if len(parts) > 2 * MEMBERS:
        return replace(role, note="draft.is_many")
    chinese = any(names.CHINESE.search(text) for text in (c.name, *c.texts))
    not_stated = "未说明" if chinese else "not stated"
    return replace(role, part=Part.REASON, split=split, not_stated=not_stated, note="draft.is_reason")


def flag(c: ColumnProfile, role: ColumnRole) -> ColumnRole:
    """An outcome becomes a rate, any other yes or no a dimension."""
    if c.scale == (0, 1):  # words such as good and bad
        return replace(role, part=Part.METRIC, values=(0, 1), survey=True, note="draft.is_metric")
    no, yes = _no_and_yes(c)
    is_score = role.part is Part.SCORE or names.is_score_name(c.title)
    if (is_score or names.OUTCOMES.search(c.name)) and yes is not None and no is not None:
        worse = said_of(c.title).turned if is_score else names.WORSE_HIGH.search(c.name)
        better = "low" if worse else "high"
        return replace(role, part=Part.METRIC, values=(no, yes), better=better, note="draft.is_metric")
    note = "draft.is_blank_no" if c.distinct == 1 else "draft.is_dimension"
    return replace(role, part=Part.DIMENSION, note=note)


def _no_and_yes(c: ColumnProfile) -> tuple[Scalar | None, Scalar | None]:
    no = next((v for v in c.texts if v.casefold() in NO[:2] + NO[3:]), None)
    yes = next((v for v in c.texts if v.casefold() in YES), None)
    if c.holds is Holds.TRUTH:
        return False, True
    return (typed(no, c), typed(yes, c)) if no is not None and yes is not None else (None, None)


def _number(c: ColumnProfile, role: ColumnRole, profile: TableProfile) -> ColumnRole:
    """A number counts or measures something, or stands for a group of contacts, or for one of them."""
    if _is_group(c):
        return replace(role, part=Part.DIMENSION, note="draft.is_group_number")
    if _is_id(c, profile):
        return replace(role, note="draft.is_id")
    if c.holds is Holds.INTEGER and c.distinct <= 12 and CODED.search(c.name):
        return replace(role, part=Part.DIMENSION, note="draft.is_dimension")
    rated = names.is_score_name(c.title)  # satisfaction with a time is not a time
    worse = said_of(c.title).turned if rated else names.WORSE_HIGH.search(c.name) or c.unit in TIMES
    better = "low" if worse else "high"
    return replace(role, part=Part.DRIVER, level=Level.INTERVAL, better=better, unit=c.unit, note="draft.is_driver")


def _is_group(c: ColumnProfile) -> bool:
    """Whether whole numbers name teams, agents, shops and the like, several contacts each."""
    if c.holds is not Holds.INTEGER or names.COUNTED.search(c.name):
        return False
    is_cluster = any(pattern.search(c.name) for pattern in names.CLUSTERS) and not names.SIZES.search(c.name)
    named = is_cluster or (names.is_id_name(c.name) and names.GROUPS.search(c.name))
    most = MOST_TEAMS if is_cluster else MEMBERS
    return bool(named) and 2 <= c.distinct <= most and c.filled >= ROWS_A_MEMBER * c.distinct


def _is_id(c: ColumnProfile, profile: TableProfile) -> bool:
    """An id is called so, or every row has its own whole number and these only count the rows or are very long."""
    if names.is_id_name(c.name) or names.is_row_id(c.name) or names.ROW_NUMBERS.search(c.name):
        return True
    if c.holds is not Holds.INTEGER or c.distinct < max(MOSTLY_DIFFERENT * min(c.filled, profile.sampled), 2):
        return False
    in_a_row = int(c.most) - int(c.least) < c.distinct / MOSTLY_DIFFERENT
    return in_a_row or len(c.least) == len(c.most) >= LONG_NUMBER


def _words(c: ColumnProfile, role: ColumnRole, profile: TableProfile) -> ColumnRole:
    split = list_sign(c.values)
    if split:
        return replace(role, part=Part.DIMENSION, split=split, note="draft.is_dimension")
    of_team = names.TEAMS.search(c.name) and c.distinct <= MOST_TEAMS and c.filled >= ROWS_A_MEMBER * c.distinct
    of_a_row = names.is_row_id(c.name) and ROWS_A_MEMBER * c.distinct > c.filled
    if of_a_row or (c.distinct > MEMBERS and not of_team):
        unique = of_a_row or c.distinct > 0.9 * min(c.filled, profile.sampled)
        return replace(role, note="draft.is_id" if unique else "draft.is_many")
    order = order_of(c.texts)
    level = Level.ORDINAL if order else Level.NOMINAL
    return replace(role, part=Part.DIMENSION, level=level, order=order, note="draft.is_dimension")
