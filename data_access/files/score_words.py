"""What does a header say of the numbers below it? Their scale, and which end of it is the best answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

RANGE = re.compile(
    r"(?<![A-Za-z0-9_.\-])(0|1)\s*(?:-|–|—|~|～|\.\.|…|to|bis|à|至|到)\s*(\d{1,3})(?![A-Za-z0-9.]*\d)", re.I
)
OUT_OF = re.compile(
    r"(?:out of|\bof|/|\bsur|\bvon|满分)\s*(\d{1,3})(?!\w*\d)|(\d{1,3})\s*(?:分制|级评分|[- ]?(?:point|star|punkt))",
    re.I,
)
IN_WORDS = ((re.compile(r"百分制|百分比|percent|prozent|[%％]", re.I), 100), (re.compile(r"十分制"), 10),
            (re.compile(r"五分制|五星"), 5), (re.compile(r"七分制"), 7))  # fmt: skip
TOPS = (*range(3, 11), 20, 100)
LOWER_IS_BETTER = re.compile(
    r"lower (is|=) better|low(er|est)? (is|=) (good|better|best)|reverse[ -]?(scored|coded|d)|schulnote"
    r"|niedriger ist besser|越低越好|越小越好|反向计分|反向题|倒序",
    re.I,
)
UNHAPPY = re.compile(
    r"\bdissatisfaction|\bdissatisfied were|unzufriedenheit|insatisfaction|不满意(程)?度|\bdsat\b", re.I
)
BAD = (
    r"worst|poor|bad\b|terrible|awful|dissatisf|unsatisf|not (?:very |at all )?(?:satisf|good|happy|likely)|unhappy"
    r"|unlikely|not at all|lowest|low\b|never|disagree|insufficient|schlecht|ungenügend|mangelhaft|unzufrieden"
    r"|mauvais|insatisf|pire|\bmalo|\bpeor|ruim|péssim|pessim|scars|不满意|不推荐|不可能|不同意|最差|最低|很差|差"
)
GOOD = (
    r"best|excellent|good|great|satisf|happy|likely|highest|high\b|outstanding|always|agree|sehr gut|gut\b|zufrieden"
    r"|hervorragend|bien|bueno|mejor|excelente|ótimo|buono|ottimo|soddisf|满意|推荐|可能|同意|最好|最高|优秀|很好|好"
)
NUMBER, STOP = (
    r"(?<![\w.])\d{1,3}(?!\w*\d|\.\d)|(?<=[\u3400-\u9fff])\d{1,3}(?!\d)",
    r"[,;，；、)）.。～~]|\bto\b|\bbis\b",
)
TOKEN = re.compile(rf"(?P<number>{NUMBER})|(?P<bad>{BAD})|(?P<good>{GOOD})|(?P<stop>{STOP})", re.I)
VERDICT = re.compile(rf"promoter|detractor|推荐者|贬损者|{BAD}|{GOOD}", re.I)
ENDS = re.compile(r"best|worst|(high|low)(est)?$|schlecht|pire|peor|mejor|最", re.I)


@dataclass(frozen=True)
class Said:
    """What a header says: the ends of the scale where it names them, and whether its lowest number is the best."""

    scale: tuple[int, int] | None = None
    turned: bool | None = None


def said_of(header: str) -> Said:
    """What a header says of the scale of its column.

    >>> said_of("Zufriedenheit (1 = sehr gut, 6 = ungenügend)")
    Said(scale=(1, 6), turned=True)
    >>> said_of("Overall, how satisfied were you (1-5)?"), said_of("满意度（满分10分）")
    (Said(scale=(1, 5), turned=None), Said(scale=(1, 10), turned=None))
    >>> said_of("满意度（5 最低）").turned, said_of("最低1分，最高5分").turned, said_of("wait (s)").turned
    (True, False, None)
    """
    ends = _ends(header)
    bad, good = ([number for number, is_good in ends if is_good is kind] for kind in (False, True))
    scale = (min(bad + good), max(bad + good)) if bad and good else _scale(header)
    turned = _turned(bad, good, scale)
    if turned is None and (LOWER_IS_BETTER.search(header) or (UNHAPPY.search(header) and not ends)):
        turned = True
    return Said(scale if scale and scale[1] in TOPS and scale[0] < scale[1] else None, turned)


def is_verdict(values: Sequence[str]) -> bool:
    """Whether words judge, as a score does in numbers.

    >>> is_verdict(["promoter", "detractor"]), is_verdict(["满意", "一般", "不满意"]), is_verdict(["3G", "4G"])
    (True, True, False)
    """
    return any(VERDICT.search(value) for value in values)


def _scale(header: str) -> tuple[int, int] | None:
    """The scale that a header names: 1-5, out of 10, 满分10分."""
    found = RANGE.search(header)
    if found:
        return int(found[1]), int(found[2])
    top = next((int(m[1] or m[2]) for m in OUT_OF.finditer(header)), 0)
    top = top or next((number for pattern, number in IN_WORDS if pattern.search(header)), 0)
    return (0 if top > 10 else 1, top) if top else None


def _turned(bad: list[int], good: list[int], scale: tuple[int, int] | None) -> bool | None:
    if bad and good:
        return max(good) < min(bad) if max(good) < min(bad) or min(good) > max(bad) else None
    if not bad and not good:
        return None
    number = (bad or good)[0]
    low = number <= 1 if scale is None else 2 * number < sum(scale)
    return low is bool(good)


def _ends(header: str) -> list[tuple[int, bool]]:
    """Numbers that a word says to be good or bad: the word right behind a number, or an end right before one."""
    tokens = [(str(m.lastgroup), m[0], m.end(), m.start()) for m in TOKEN.finditer(header)]
    found, taken = [], set[int]()
    for i, (kind, word, end, start) in enumerate(tokens):
        if kind not in ("good", "bad"):
            continue
        before = i - 1 if i and tokens[i - 1][0] == "number" and start - tokens[i - 1][2] <= 24 else None
        after = i + 1 if i + 1 < len(tokens) and tokens[i + 1][0] == "number" and ENDS.search(word) else None
        after = after if after is not None and tokens[after][3] - end <= 6 else None
        place = before if before is not None and before not in taken else after
        if place is not None:
            taken.add(place)
            found.append((int(tokens[place][1]), kind == "good"))
    return found
