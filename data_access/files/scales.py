"""On which scale was scored, which codes stand for no answer, and do the values of a column have an order?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from data_access.files.names import is_score_name
from data_access.files.score_words import Said, said_of
from data_access.metric_kinds import LIKELIEST, Nps, Rescaled

FAR_CODES = frozenset((66, 77, 88, 96, 97, 98, 99, 666, 777, 888, 997, 998, 999, 7777, 8888, 9999, 99999))
FAR = 7  # times the greatest answer: a code lies at least as far out
BELOW = frozenset(-v for v in (*range(1, 10), *FAR_CODES))
MOST_BELOW = 3  # codes below 0; more of them are numbers
NEXT_CODES = (6, 7, 8, 9, 11)  # beside a scale, as a form's last choice "does not apply"
FEW, FEW_OF_TOP = 0.1, 0.25  # of all answers, and of those at the scale's top: a code just beyond it is no commoner
ENOUGH = 30  # answers that would show a scale whole
WITHIN = 0.5  # of the values on a scale that a header names, else it names something else
RECOMMENDING = re.compile(r"(?<![a-z])nps(?![a-z])|推荐|recommend|empfehl|recomend|raccomand", re.I)
USUAL = (5, 7, 10)
SUMMED = 100  # what a promoter adds to a Net Promoter Score where each answer holds that
SURE_SIGNS = ("┋", "|||")  # what survey tools put between the answers of one question
LIST_SIGNS = (*SURE_SIGNS, "|", ";", "；", "、", ",", "，")
MOST_PARTS, LONGEST_MEMBER = 60, 40
LIMITS = {1: (1, 0), 3: (3, 1), 4: (3, 2), 5: (4, 2), 6: (5, 2), 7: (6, 3), 8: (7, 4), 9: (8, 5), 10: (9, 6),
          20: (16, 12), 100: (80, 60)}  # fmt: skip
RANGE = re.compile(
    r"[<>≤≥＜＞]?=?\s*\d+(\.\d+)?\s*([-–~至到]\s*\d+(\.\d+)?)?\s*(\+|以上|以下|以内|及以上|及以下)?\s*\w{0,6}"
)
NEW = re.compile(r"train|new|probation|intern|实习|培训|新|试用|准星|未评", re.I)
SEQUENCES = (
    ("very low", "low", "medium", "normal", "high", "urgent", "critical", "very high"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("very poor", "poor", "fair", "average", "good", "very good", "excellent"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("basic", "bronze", "silver", "gold", "platinum", "diamond"),
    ("small", "medium", "large"),
    ("junior", "middle", "senior", "expert"),
    ("primary", "secondary", "tertiary"),
    ("minor", "major", "critical"),
    ("未评级", "准星", "一星", "二星", "三星", "四星", "银卡", "五星", "金卡", "白金卡", "钻石卡"),
    ("普通", "银卡", "金卡", "白金卡", "钻石卡"),
    ("初级", "中级", "高级", "资深", "专家"),
    ("新手", "初级", "熟练", "高级"),
    ("很低", "低", "较低", "中", "一般", "较高", "高", "很高"),
    ("很差", "差", "较差", "一般", "较好", "好", "很好"),
    ("非常不满意", "不满意", "一般", "满意", "非常满意"),
    ("小学", "初中", "高中", "中专", "大专", "专科", "本科", "硕士", "博士"),
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)


Values = Sequence[tuple[float, int]]


@dataclass(frozen=True)
class Scale:
    """The ends of a score's scale, the codes that mean no answer, the limits of the two rates, the formula.

    turned: the lowest number is the best answer. The limits are of answers turned back, so that the highest is best.
    """

    low: int
    high: int
    codes: tuple[int, ...] = ()
    satisfied_from: int = 9
    dissatisfied_to: int = 6
    formula: str = "mean_of_max"
    turned: bool = False

    @property
    def worst(self) -> int:
        """The number that the worst answer has in the column."""
        return self.high if self.turned else self.low


NOTHING = Said()


def scale_of(header: str, values: Values, asked: Said = NOTHING) -> Scale | None:
    """The scale of a score from its header, its values and their counts; None when they are no score.

    asked: what a person said of it, which is believed before the header and the values.

    >>> scale_of("score", [(1, 5), (10, 80), (99, 3)])
    Scale(low=1, high=10, codes=(99,), satisfied_from=9, dissatisfied_to=6, formula='mean_of_max', turned=False)
    >>> scale_of("CSAT", [(0, 2), (1, 5), (5, 80)]).codes
    (0,)
    >>> scale_of("NPS", [(-100, 20), (0, 30), (100, 50)]).formula
    'nps'
    >>> scale_of("Grade (1 best, 6 worst)", [(1, 20), (2, 9), (4, 2)]).worst
    6
    """
    recommending = RECOMMENDING.search(header) is not None
    said = said_of(header)
    turned = bool(said.turned if asked.turned is None else asked.turned)
    if asked.scale in ((-SUMMED, SUMMED), (-1, 1)) and _nps_point(values) == asked.scale[1]:
        return Scale(*asked.scale, _outside(values, asked.scale), formula=Nps.formula, turned=turned)
    if asked.scale:
        return _with_limits(*asked.scale, _outside(values, asked.scale), recommending=recommending, turned=turned)
    point = _nps_point(values) if recommending or is_score_name(header) else 0
    if point == SUMMED or (point and recommending):
        return Scale(-point, point, _outside(values, (-point, point)), formula=Nps.formula, turned=turned)
    codes = far_codes(values)
    real = [(v, n) for v, n in values if v not in codes]
    if is_score_name(header) and (middle := _around_zero(real)):
        return Scale(-middle, middle, codes, 1, -1, Rescaled.formula, turned)
    ends = _ends(header, real, said, recommending=recommending)
    if ends is None:
        return None
    return _with_limits(*ends, _outside(values, ends), recommending=recommending, turned=turned)


def _ends(header: str, real: Values, said: Said, *, recommending: bool) -> tuple[int, int] | None:
    """The ends of the scale: as the header says, else the narrowest that the values allow."""
    real = [(v, n) for v, n in real if v >= 0]
    numbers = {v for v, _ in real}
    if not numbers or max(numbers) > 100 or (len(numbers) < 3 and not is_score_name(header)):
        return None
    if 0 in numbers and numbers <= {0, 1}:  # yes and no
        return None
    if said.scale == (0, SUMMED) and max(numbers) <= 1:  # a workbook's 87 % is 0.87
        low, high = _narrowest(real)
    elif said.scale and _share(real, said.scale) >= WITHIN:
        low, high = said.scale
    else:
        low, high = _narrowest(real)
    return (0 if recommending and high == LIKELIEST else low), high


def _narrowest(real: Values) -> tuple[int, int]:
    """The narrowest usual scale; where there are many answers, one that ends where they do."""
    numbers = {v for v, _ in real}
    if max(numbers) <= 1 and any(v != int(v) for v in numbers):
        return 0, 1
    numbers -= set(next_codes(real))
    top = int(-(-max(numbers) // 1))
    whole = set(range(1, top + 1)) <= numbers and all(v == int(v) for v in numbers)
    if whole and 3 <= top <= LIKELIEST and sum(n for _, n in real) >= ENOUGH:
        return 1, top
    usual = next((usual for usual in USUAL if top <= usual), None)
    return (1, usual) if usual else (0, 20 if top <= 20 else 100)


def _with_limits(low: int, high: int, codes: tuple[int, ...], *, recommending: bool, turned: bool) -> Scale:
    satisfied, dissatisfied = LIMITS.get(high, (round(0.8 * high), round(0.6 * high)))
    found = Scale(low, high, codes, max(satisfied, low), max(dissatisfied, low), turned=turned)
    found = replace(found, formula=Rescaled.formula) if low < 0 else found
    return replace(found, formula=Nps.formula) if recommending and high == LIKELIEST else found


def _share(values: Values, scale: tuple[int, int]) -> float:
    total = sum(n for _, n in values)
    return sum(n for v, n in values if scale[0] <= v <= scale[1]) / max(total, 1)


def _outside(values: Values, scale: tuple[int, int]) -> tuple[int, ...]:
    """Usual codes off the scale: each stands for no answer."""
    known = {0, *NEXT_CODES, *FAR_CODES, *BELOW}
    return tuple(sorted({int(v) for v, _ in values if v in known and not scale[0] <= v <= scale[1]}))


def _nps_point(values: Values) -> int:
    """What a promoter adds where there is nothing but what answers add to a Net Promoter Score: 100 or 1; else 0."""
    points = {v for v, _ in values if v not in FAR_CODES}
    return next((point for point in (SUMMED, 1) if {-point, point} <= points <= {-point, 0, point}), 0)


def _around_zero(real: Values) -> int:
    """The top of a scale that reaches as far below 0 as above it; 0 where there is none."""
    numbers = {v for v, _ in real}
    top = int(max(numbers, default=0))
    return top if 1 <= top <= 5 and numbers == set(range(-top, top + 1)) else 0


def far_codes(values: Values) -> tuple[int, ...]:
    """Numbers that stand for no answer: -1, -9 where all else is not below 0, 98, 999 far above all else.

    A measure, which goes beyond 10, may well have one value of 99: a code comes again.

    >>> far_codes([(-9, 4), (1, 5), (98, 2), (99, 3)]), far_codes([(14, 1), (99, 1)]), far_codes([(90, 2), (99, 2)])
    ((-9, 98, 99), (), ())
    """
    numbers = dict(values)
    plain = [v for v in numbers if v not in FAR_CODES and v >= 0]
    reach = FAR * max(plain, default=0)
    above = {v for v in FAR_CODES & numbers.keys() if v >= reach and plain}
    below = {v for v in numbers if v < 0}
    if len(below) > MOST_BELOW or not below <= BELOW or _around_zero([(v, 1) for v in numbers.keys() - above]):
        below = set()
    least = 1 if max(plain, default=0) <= LIKELIEST else 2
    return tuple(sorted(int(v) for v in above | below if numbers[v] >= least))


def next_codes(values: Values) -> tuple[int, ...]:
    """Whole numbers just beyond a usual scale that stand for no answer: few, and the scale's own top is common.

    >>> next_codes([(1, 5), (2, 5), (3, 10), (4, 30), (5, 50), (6, 4)]), next_codes([(1, 5), (2, 5), (5, 9), (6, 9)])
    ((6,), ())
    """
    counts = {v: n for v, n in values if v >= 1}
    total = sum(counts.values())
    for top in USUAL:
        beyond = {v: n for v, n in counts.items() if v > top}
        if not beyond or not set(range(1, top + 1)) <= counts.keys() or not beyond.keys() <= set(NEXT_CODES):
            continue
        few = max(beyond.values()) <= FEW_OF_TOP * counts[top] and sum(beyond.values()) <= FEW * total
        apart = min(beyond) > top + 1 and total >= ENOUGH
        if counts[top] >= total / (top + 1) and (few or apart):
            return tuple(sorted(int(v) for v in beyond))
    return ()


def codes_beside(values: Values, scale: Scale | None) -> tuple[int, ...]:
    """The codes of a column that was answered on the score's scale: far ones, and the few just beyond its ends.

    >>> codes_beside([(0, 1), (1, 5), (2, 9), (3, 10), (4, 30), (5, 50), (99, 4)], Scale(1, 5))
    (0, 99)
    """
    far = far_codes(values)
    if scale is None:
        return far
    counts = {v: n for v, n in values if v not in far}
    on = {v: n for v, n in counts.items() if scale.low <= v <= scale.high}
    off = {v: n for v, n in counts.items() if v not in on}
    total, ends = sum(counts.values()), (scale.low - 1, scale.high + 1)
    alike = set(range(scale.low, scale.high + 1)) == on.keys() and off.keys() <= set(ends)
    few = sum(off.values()) <= FEW * total and max(off.values(), default=0) <= FEW_OF_TOP * max(
        on.values(), default=0
    )
    return tuple(sorted({*far, *(int(v) for v in off)})) if off and alike and few else far


def order_of(values: Sequence[str]) -> tuple[str, ...]:
    """The values in their natural order, empty when they have none that is known.

    >>> order_of([">90", "On Job Training", "31-60", "0-30", "61-90"])
    ('On Job Training', '0-30', '31-60', '61-90', '>90')
    >>> order_of(["high", "low", "medium"]), order_of(["2G", "固话"])
    (('low', 'medium', 'high'), ())
    """
    known = {v.strip().casefold(): v for v in values}
    for sequence in SEQUENCES:
        if len(known) >= 3 and set(known) <= set(sequence):
            return tuple(known[word] for word in sequence if word in known)
    ranges = [v for v in values if RANGE.fullmatch(v) and re.search(r"\d\D+\d|[<>≤≥＜＞+]|以", v)]
    others = [v for v in values if v not in ranges]
    if len(values) < 3 or len(ranges) < 2 or not all(NEW.search(v) for v in others):
        return ()
    return (*others, *sorted(ranges, key=_start))


def _start(value: str) -> tuple[float, int]:
    """Where a range begins; "more than 90" comes after "61-90", "less than 30" before "0-30"."""
    number = float(re.findall(r"\d+(?:\.\d+)?", value)[0])
    side = -1 if re.search(r"[<≤＜]|以下|以内", value) else 1 if re.search(r"[>≥＞+]|以上", value) else 0
    return (-1.0 if side < 0 else number, side)


def split_of(values: Sequence[tuple[str, int]]) -> str | None:
    """The sign between several answers in one cell, None when cells hold one answer each.

    >>> split_of([("wait", 5), ("fee", 4), ("wait|fee", 3), ("fee|tone", 1)])
    '|'
    >>> split_of([("等候/占线", 5), ("网络", 4)]) is None
    True
    """
    for sign in LIST_SIGNS:
        joined = [v for v, _ in values if sign in v]
        if not joined:
            continue
        parts = {p.strip() for v, _ in values for p in v.split(sign) if p.strip()}
        alone = {v for v, _ in values if sign not in v}
        shared = sum(any(p.strip() in alone for p in v.split(sign)) for v in joined)
        if len(parts) < len(values) or shared >= 0.5 * len(joined):
            return sign
    return None


def list_sign(values: Sequence[tuple[str, int]]) -> str:
    """The sign between several members of a dimension in one cell, "" when cells hold one each.

    Lists are of different lengths, and their parts recur: "Portland, OR" is one place.

    >>> list_sign([("slow┋rude", 2), ("slow", 4)]), list_sign([("Portland, OR", 5), ("Salem, MA", 3)])
    ('┋', '')
    """
    sign = split_of(values)
    if sign is None:
        return ""
    lists = [[part.strip() for part in value.split(sign) if part.strip()] for value, _ in values]
    parts = {part for one in lists for part in one}
    long = sum(map(len, parts)) > LONGEST_MEMBER * len(parts)
    if len(parts) > MOST_PARTS or long or (sign not in SURE_SIGNS and len({len(one) for one in lists}) < 2):
        return ""
    return sign
