"""Are the rows averages of many answers, as in a report with one row a team and month? Which column counts them?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod

from data_access.files import names
from data_access.files.profile import ColumnProfile, Holds, TableProfile

MEANS = re.compile(
    r"average|(?<![a-z])(mean|avg)(?![a-z])|平均|均值|均分|durchschnitt|mittelwert|promedio|moyenne", re.I
)
ANSWERS = re.compile(
    r"^(n|no|nr|num|counts?|anzahl|样本|份数|人数|数量)$"
    r"|responses?$|answers$|ratings$|surveys?$|respondents|reviews$|votes$|antworten|sample.?size"
    r"|(no|num|number|nr|count)[ _.]*(of)?[ _]*(answers|responses|ratings|surveys|respondents|reviews|votes)"
    r"|样本(量|数)|评价(量|数|人数|次数)|参评(量|数|人数)|答卷(量|数)|回收(量|数)|有效(评价|问卷|样本)|评分人数",
    re.I,
)
CONTACTS = re.compile(
    r"^(calls|contacts|tickets|cases|conversations|chats|interactions|volume|total|cnt)$"
    r"|(number|no|count)[ _.]*of[ _](calls|contacts|tickets|cases|customers)|[_ ]count$"
    r"|话务量|接通量|服务量|工单量|来电量|呼入量|通话量|会话量|件数",
    re.I,
)
NO_COUNTS = re.compile(
    r"cost|price|amount|revenue|sales|fee|time|duration|seconds|minutes|wait|handl|score|rate|index"
    r"|金额|费|额|元|价|时长|秒|分钟|时间|率",
    re.I,
)
TIMES_GIVEN = re.compile(  # a column of exactly this name beside a score and groups says how often it was given
    r"n|counts?|freq(uency)?|(no|num|number)[ _.]*of[ _]*(answers|responses|ratings|contacts|tickets|cases|surveys)"
    r"|answers|responses|ratings|respondents|anzahl|häufigkeit|aantal|nombre|effectif|cantidad|frecuencia"
    r"|人数|频数|份数|样本(量|数)|评价(量|数|人数)|答卷(量|数)|评分人数",
    re.I,
)
MOST_ROWS, MOSTLY, MOST_GROUPS = 20_000, 0.5, 500


@dataclass(frozen=True)
class Averages:
    """Rows that are averages: of the score's column, counted by `count` where a column says of how many answers.

    others: columns that count something else than answers. alike: the answers of a row are all the same.
    """

    score: str
    count: ColumnProfile | None
    others: tuple[str, ...] = ()
    alike: bool = False


def find_averages(profile: TableProfile, score: ColumnProfile | None) -> Averages | None:
    """Whether the score is an average in most rows, or rows count equal answers; None where rows are contacts."""
    if score is None or not score.is_number:
        return None
    if not _is_finer(score):
        times = _times_given(profile, score)
        return Averages(score.name, times, alike=True) if times else None
    counts = [c for c in profile.columns if c.name != score.name and _counts(c)]
    count = next((c for kind in (ANSWERS, CONTACTS) for c in counts if kind.search(c.name)), None)
    is_named = bool(MEANS.search(score.title))
    if not is_named and (_has_ids(profile) or (count is None and profile.rows > MOST_ROWS)):
        return None
    return Averages(score.name, count, () if count else tuple(c.name for c in counts if _counts_much(c)))


def _times_given(profile: TableProfile, score: ColumnProfile) -> ColumnProfile | None:
    """The column that says how often an answer was given in a group; None where rows are contacts.

    Beside it stand the score and groups alone, and no answer has more rows than there are combinations of groups.
    """
    others = [c for c in profile.columns if c.name != score.name and c.filled]
    times = next((c for c in others if TIMES_GIVEN.fullmatch(c.name.strip()) and _counts(c)), None)
    groups = [c for c in others if c is not times]
    if times is None or int(times.most) < 2 or not all(_is_group(c) for c in groups):
        return None
    combinations = prod(c.distinct + (c.missing > 0) for c in groups)
    return times if max((n for _, n in score.numbers), default=0) <= combinations else None


def _is_group(c: ColumnProfile) -> bool:
    """Whether rows share the values of a column, and these measure nothing."""
    return c.distinct <= MOST_GROUPS and 2 * c.distinct <= c.filled and (c.is_time or not c.is_number)


def _is_finer(score: ColumnProfile) -> bool:
    """Whether most values are finer than the half steps in which people answer."""
    rows = sum(n for _, n in score.numbers)
    return sum(n for value, n in score.numbers if 2 * value != int(2 * value)) > MOSTLY * rows


def _counts(c: ColumnProfile) -> bool:
    whole = c.holds is Holds.INTEGER and c.least != "" and int(c.least) >= 0
    return whole and not names.is_score_name(c.title) and c.share_missing < MOSTLY


def _counts_much(c: ColumnProfile) -> bool:
    known_else = any(pattern.search(c.name) for pattern in (NO_COUNTS, names.ID_WORDS, names.ROW_NUMBERS))
    return int(c.most) > 1 and not known_else


def _has_ids(profile: TableProfile) -> bool:
    """Whether the rows have ids of contacts or answers."""
    return any(names.is_row_id(c.name) and c.distinct > MOSTLY * profile.sampled for c in profile.columns)
