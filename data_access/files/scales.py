"""On which scale was scored, which codes stand for no answer, and do the values of a column have an order?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from data_access.files.names import is_score_name
from data_access.metric_kinds import LIKELIEST, Nps

CODES = (77.0, 88.0, 97.0, 98.0, 99.0, 999.0, 9999.0)
RECOMMENDING = re.compile(r"(?<![a-z])nps(?![a-z])|推荐|recommend", re.I)
SCALES = ((5, (1, 5)), (7, (1, 7)), (10, (1, 10)), (100, (0, 100)))
LIMITS = {5: (4, 2), 7: (6, 3), 10: (9, 6), 100: (80, 60)}
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


@dataclass(frozen=True)
class Scale:
    """The ends of a score's scale, the codes on it that mean no answer, the limits of the two rates, the formula."""

    low: int
    high: int
    codes: tuple[int, ...] = ()
    satisfied_from: int = 9
    dissatisfied_to: int = 6
    formula: str = "mean_of_max"


def scale_of(header: str, values: Sequence[tuple[float, int]]) -> Scale | None:
    """The scale of a score from its values and their counts, None when they are no score.

    >>> scale_of("score", [(1, 5), (10, 80), (99, 3)])
    Scale(low=1, high=10, codes=(99,), satisfied_from=9, dissatisfied_to=6, formula='mean_of_max')
    >>> scale_of("CSAT", [(0, 2), (1, 5), (5, 80)]).codes
    (0,)
    >>> scale_of("NPS", [(-100, 20), (0, 30), (100, 50)]).formula
    'nps'
    """
    recommending = RECOMMENDING.search(header) is not None
    if (recommending or is_score_name(header)) and _holds_nps_points(values):
        return Scale(-100, 100, tuple(int(v) for v, _ in values if v in CODES), formula=Nps.formula)
    codes = _codes(values)
    real = [v for v, _ in values if v not in codes]
    if not real or max(real) > 100 or (len(real) < 3 and not is_score_name(header)):
        return None
    low, high = next(scale for top, scale in SCALES if max(real) <= top)
    if recommending and (min(real) == 0 or high == LIKELIEST):
        low = 0
    elif min(real) == 0 and low == 1:
        codes.add(0.0)
    found = Scale(low, high, tuple(sorted(int(c) for c in codes)), *LIMITS[high])
    return replace(found, formula=Nps.formula) if recommending and high == LIKELIEST else found


def _holds_nps_points(values: Sequence[tuple[float, int]]) -> bool:
    """Whether there is nothing but what each answer adds to a Net Promoter Score: -100, 0 or 100."""
    points = {v for v, _ in values if v not in CODES}
    return {-100, 100} <= points <= {-100, 0, 100}


def _codes(values: Sequence[tuple[float, int]]) -> set[float]:
    """Values that stand for no answer."""
    codes = {v for v, _ in values if v < 0}
    if max((v for v, _ in values if v not in CODES), default=100) <= 10:
        codes |= {v for v, _ in values if v in CODES}
    return codes


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
    for sign in ("|", ";", "；", "、", ","):
        joined = [v for v, _ in values if sign in v]
        if not joined:
            continue
        parts = {p.strip() for v, _ in values for p in v.split(sign) if p.strip()}
        alone = {v for v, _ in values if sign not in v}
        shared = sum(any(p.strip() in alone for p in v.split(sign)) for v in joined)
        if len(parts) < len(values) or shared >= 0.5 * len(joined):
            return sign
    return None
