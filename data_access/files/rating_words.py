"""Are the words of a column a rating? SQL that gives its number, and the scale that the words tell.

非常满意, "very satisfied", "5 - Excellent", "4/5", "4 stars", ★★★★☆, faces, good and bad. Words that could be a
grouping as well, as high and low or gold and silver, stay words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data_access.files.forms import Form, is_likely, share_of, sql_text
from data_access.files.word_ladders import NO_ANSWER, SIMPLE, WORDS, ladder_of
from data_access.statement import Statement

MOST_WORDS = 60
ENOUGH, COMMON = 0.9, 0.02
SUMMED = 100.0  # what a promoter adds to a Net Promoter Score, and a detractor takes from it
# what a column of ratings is called; needed only where the words could be something else
RATED = re.compile(
    r"satisf|csat|rating|\brate\b|rated|review|score|feedback|opinion|grade|stars?\b|experience|nps|quality|survey|vote"
    r"|满意|评价|评分|打分|得分|星评|服务星级|参评|测评|体验|感受|态度|评级结果|好评|zufrieden|bewert|note\b|avis|urteil",
    re.I,
)
OUT_OF = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?) ?(?:/|out of|of|von|sur) ?(\d{1,3})", re.I)
STARS, OPEN_STARS = "★⭐🌟✭✮", "☆✩"
STAR_SIGNS = re.compile(rf"[{STARS}]{{0,10}}\ufe0f?[{OPEN_STARS}]{{0,10}}|(?:[{STARS}]\ufe0f?){{1,10}}")
STAR_WORDS = re.compile(
    r"([0-9](?:[.,]5)?|10|[一二三四五]) ?(?:stars?|星级?|颗星|sterne?|étoiles?)(?:好评|评价)?", re.I
)
DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
NUMBER_THEN_WORD = re.compile(
    r"[（(]?(-?\d{1,3})[)）]? ?(?:[-–—:：=.、)）]|分| ) ?[-–—:：=,，]? ?[（(]?([^\d\s].{0,80}?)[)）]?"
)
WORD_THEN_NUMBER = re.compile(r"([^\d\s].{0,80}?) ?(?:[（(]|[-–—:：=] ?)(-?\d{1,3}) ?(?:分|星|points?|pts?)?[)）]?")
BARE_NUMBER = re.compile(r"-?\d{1,3}")
LETTERED = re.compile(r"[A-Ga-g] ?[.、)）:：] ?(?=\S)")
TRAILING = re.compile(r"[ .。!！,，;；]{1,5}$")
WITH_COMMENT = re.compile(
    r",? ?(?:with|without|no|mit|avec) (?:a )?(?:comments?|kommentar|commentaire)$"
    r"|[（(]?(?:有|无|带)(?:评论|留言|意见)[)）]?$"
)


@dataclass(frozen=True)
class _Coded:
    """Numbers that stand beside words: the number of each cell, and the word of each number."""

    numbers: Mapping[str, float]
    words: Mapping[float, str]


def rating_form(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """How words rate, None when these values (with their counts) do not; `cell` is SQL of their text.

    >>> rating_form("渠道", {"电话": 3, "在线": 2}, "c0") is None
    True
    >>> rating_form("评价", {"满意": 3, "一般": 2, "不满意": 1}, "c0").scale
    (1.0, 3.0)
    """
    if not 0 < len(values) <= MOST_WORDS:
        return None
    said = {v: n for v, n in values.items() if plain_word(v) not in NO_ANSWER}
    for read in (_stars, _out_of, _promoting, _good_or_bad, _words, _coded):
        form = read(name, values if read is _good_or_bad else said, cell)
        if form is not None:
            return form
    return None


def plain_word(text: str) -> str:
    """A word without what stands around it, in lower case and simplified characters.

    >>> plain_word("A. Very satisfied!"), plain_word("😀 Satisfied"), plain_word("非常滿意")
    ('very satisfied', 'satisfied', '非常满意')
    """
    word = " ".join(text[:200].translate(SIMPLE).replace("’", "'").replace("\ufe0f", "").casefold().split())
    word = TRAILING.sub("", LETTERED.sub("", word, count=1) if LETTERED.match(word) else word)
    bare = re.sub(r"^[^\w(（]{1,4} ?(?=\w)", "", word)
    return bare or word


def _mapped(cell: str, numbers: Mapping[str, float]) -> str:
    """SQL that gives each cell its number, whatever the case of its letters."""
    found = {value.lower(): number for value, number in numbers.items()}
    cases = " ".join(f"WHEN {sql_text(value)} THEN {number:g}" for value, number in found.items())
    return f"CASE lower({cell}) {cases} END"


def _told(key: str, numbers: Mapping[str, float], scale: tuple[float, float]) -> Statement:
    told = sorted(numbers.items(), key=lambda one: one[1])
    words = list(dict.fromkeys(f"{word} = {number:g}" for word, number in told))
    return Statement(key, {"words": words[:12], "low": f"{scale[0]:g}", "high": f"{scale[1]:g}"})


def _form(
    key: str, cell: str, values: Mapping[str, int], numbers: Mapping[str, float], scale: tuple[float, float]
) -> Form | None:
    share = share_of(numbers.__contains__, values)
    if not numbers or share < ENOUGH:
        return None
    return Form(_mapped(cell, numbers), share, once=True, scale=scale, blanks=tuple(sorted(NO_ANSWER)),
                told=(_told(key, numbers, scale),))  # fmt: skip


def _words(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """Words of one ladder."""
    plain = {v: plain_word(v) for v in values}
    ladder = ladder_of(plain.values()) or ladder_of(plain[v] for v in _common(values))
    if ladder is None or ladder.steps < 3 or not (ladder.sure or RATED.search(name)):
        return None
    numbers = {v: float(ladder.of[word]) for v, word in plain.items() if word in ladder.of}
    return _form("file.words_read", cell, values, numbers, (1.0, float(ladder.steps)))


def _common(values: Mapping[str, int]) -> list[str]:
    """Values without the rare ones: a slip of the pen makes no other scale."""
    return [v for v, n in values.items() if n >= COMMON * sum(values.values())]


def _stars(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """★★★★☆, and under a name of ratings also "4 stars" and 四星."""
    signs = {v: float(sum(c in STARS for c in v)) for v in values if v and STAR_SIGNS.fullmatch(v)}
    if signs:
        most = max([5, *(sum(c in STARS + OPEN_STARS for c in v) for v in signs)])
        return _form("file.stars_read", cell, values, signs, (float(min(1.0, *signs.values())), float(most)))
    if not RATED.search(name):
        return None
    found = {v: m[1] for v in values if (m := STAR_WORDS.fullmatch(v))}
    numbers = {v: float(DIGITS.get(n) or n.replace(",", ".")) for v, n in found.items()}
    top = 10.0 if max(numbers.values(), default=0) > 5 else 5
    return _form("file.stars_read", cell, values, numbers, (min([1.0, *numbers.values()]), top))


def _out_of(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """4/5, "8 out of 10": all of the same number."""
    if not is_likely(OUT_OF.fullmatch, values):
        return None
    found = {v: m for v in values if (m := OUT_OF.fullmatch(v))}
    tops = {m[2] for m in found.values()}
    numbers = {v: float(m[1].replace(",", ".")) for v, m in found.items()}
    if len(tops) != 1 or max(numbers.values()) > float(next(iter(tops))):
        return None
    top = float(tops.pop())
    low = 0.0 if top >= 100 or min(numbers.values()) < 1 else 1.0
    return _form("file.out_of_read", cell, values, numbers, (low, top))


def _coded(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """Numbers with words: "5 - Excellent". The words say which end is best, where they are known."""
    found = _numbered(values)
    if found is None:
        return None
    ladder = ladder_of({plain_word(word) for word in found.words.values()}) if len(found.words) > 1 else None
    if ladder is None and not RATED.search(name):
        return None
    numbers, (low, high) = dict(found.numbers), (min(found.numbers.values()), max(found.numbers.values()))
    if ladder is None:
        return _form("file.words_read", cell, values, numbers, _scale_of(low, high))
    steps = {number: ladder.of[plain_word(word)] for number, word in found.words.items()}
    if steps[min(steps)] > steps[max(steps)]:  # 1 is best: the words are believed
        low, high = _scale_of(low, high)
        numbers = {v: low + high - n for v, n in numbers.items()}
        return _form("file.words_reversed", cell, values, numbers, (low, high))
    return _form("file.words_read", cell, values, numbers, _scale_of(low, high))


def _scale_of(low: float, high: float) -> tuple[float, float]:
    top = next((t for t in (3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 100.0) if high <= t), high)
    return (0.0 if top > 10 else min(low, 1.0)), top if high > 2 else max(high, 2.0)


def _numbered(values: Mapping[str, int]) -> _Coded | None:
    """The number and the word of each cell; None where a number has two words, or too few cells have a word."""
    numbers: dict[str, float] = {}
    words: dict[float, str] = {}
    for value in values:
        head, tail = NUMBER_THEN_WORD.fullmatch(value), WORD_THEN_NUMBER.fullmatch(value)
        number, word = (head[1], head[2]) if head else (tail[2], tail[1]) if tail else (value, "")
        if not BARE_NUMBER.fullmatch(number):
            continue
        numbers[value] = float(number)
        if word and words.setdefault(float(number), word.strip()) != word.strip():
            return None
    if len(set(numbers.values())) > 11 or len(words) < 2:
        return None
    return _Coded(numbers, words)


def _promoting(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """Promoters, passives and detractors: what each adds to a Net Promoter Score."""
    numbers = {v: ADDED[word] for v in values if (word := plain_word(v)) in ADDED}
    if not {-SUMMED, SUMMED} <= set(numbers.values()):
        return None
    return _form("file.words_read", cell, values, numbers, (-SUMMED, SUMMED))


def _good_or_bad(name: str, values: Mapping[str, int], cell: str) -> Form | None:
    """Good and bad, and who was asked: a rate of those offered."""
    kinds = {v: kind for v in values if (kind := _kind(v))}
    found = set(kinds.values())
    if not {"good", "bad"} <= found or len(kinds) < len([v for v in values if plain_word(v) not in NO_ANSWER]):
        return None
    ladder = ladder_of(plain_word(v) for v, kind in kinds.items() if kind in ("good", "bad"))
    if not (found & {"offered", "unoffered"} or RATED.search(name) or (ladder and ladder.sure and ladder.steps == 2)):
        return None
    numbers = {v: float(kind == "good") for v, kind in kinds.items() if kind in ("good", "bad")}
    words = {kind: [v for v, k in kinds.items() if k == kind] for kind in ("good", "bad", "offered", "unoffered")}
    told = [Statement("file.good_read", {"good": words["good"], "bad": words["bad"]})]
    if words["unoffered"]:
        told.append(Statement("file.unoffered_read", {"words": words["unoffered"]}))
    unanswered = tuple(v.lower() for v, kind in kinds.items() if kind in ("offered", "unoffered"))
    asked = _mapped(cell, {v: float(kind != "unoffered") for v, kind in kinds.items()})
    return Form(
        _mapped(cell, numbers), 1.0, once=True, scale=(0.0, 1.0), blanks=(*sorted(NO_ANSWER), *unanswered),
        offered=f"coalesce({asked}, 0)::BIGINT" if found & {"offered", "unoffered"} else "", told=tuple(told),
    )  # fmt: skip


def _kind(value: str) -> str:
    word = WITH_COMMENT.sub("", plain_word(value)).strip(" (（,")
    return KIND_OF.get(word, "")


KIND_OF = {word: kind for kind in ("unoffered", "offered", "bad", "good") for word in WORDS[kind]}
ADDED = {
    word: added
    for added, kind in ((-SUMMED, "detractors"), (0.0, "passives"), (SUMMED, "promoters"))
    for word in WORDS[kind]
}
