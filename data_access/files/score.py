"""Which column is the score? The one a person names; else its name tells it, or that it alone could be one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data_access.files import names
from data_access.files.profile import ColumnProfile, TableProfile
from data_access.files.scales import LIMITS, SUMMED, Scale, scale_of
from data_access.files.score_words import Said, said_of
from data_access.metric_kinds import LIKELIEST
from data_access.semantics import near
from data_access.statement import BadInput

NEARLY_BLANK = 0.95
# names that a program gave: "column 5", "Unnamed: 3", "Q7", "V2"
NAMELESS = re.compile(r"(column|col|unnamed|field|feld|spalte|var|v|f|c|x|q|列|字段|栏)?[ _:.\-]*\d*", re.I)


@dataclass(frozen=True)
class DraftOptions:
    """What a person says of the score before a model is drafted; None means: decide by the evidence and say so.

    score: its column, by name, label or the name it has in the model. scale: its ends as the column holds them.
    worst: the end that is the worst answer. zero: columns, named likewise, of which a blank means 0. time: the column
    of when the contact or the answer was.
    """

    score: str | None = None
    scale: tuple[int, int] | None = None
    worst: int | None = None
    zero: tuple[str, ...] = ()
    time: str | None = None


NO_OPTIONS = DraftOptions()


def column_named(profile: TableProfile, name: str) -> ColumnProfile:
    """The column of this name, label or name in the model, whatever its case. Raises BadInput with the nearest."""
    codes = names.unique_names(profile.headers)
    for texts in (profile.headers, [c.label for c in profile.columns], codes):
        folded = [text.casefold() for text in texts]
        if name.strip().casefold() in folded:
            return profile.columns[folded.index(name.strip().casefold())]
    known = [*profile.headers, *(c.label for c in profile.columns if c.label)]
    raise BadInput("draft.no_column", name=name, table=profile.table, near=near(name, known))


def score_candidates(profile: TableProfile) -> list[ColumnProfile]:
    """Columns of small numbers, those with a score's name first; answers before the groups of those who gave them."""
    scored = [c for c in profile.columns if c.is_number and scale_of(c.title, c.numbers, _said_by_words(c))]
    return sorted(scored, key=lambda c: (_rank(c), c.scale == (-SUMMED, SUMMED), c.share_missing >= NEARLY_BLANK))


def _said_by_words(column: ColumnProfile) -> Said:
    """The scale that the words of a column tell, where they stood there in place of numbers."""
    if column.scale is None or column.scale == (0, 1):
        return Said()
    return Said((int(column.scale[0]), int(column.scale[1])), turned=False)


def _rank(column: ColumnProfile) -> int:
    rank = names.score_rank(column.title)
    return 99 if rank is None else rank


def find_score(profile: TableProfile, options: DraftOptions = NO_OPTIONS) -> ColumnProfile | None:
    """The column of the score; None where nothing says which. Raises BadInput where what is said cannot be."""
    if options.score is not None:
        return column_named(profile, options.score)
    candidates = score_candidates(profile)
    named = next((c for c in candidates if names.is_score_name(c.title)), None)
    rating = [c for c in candidates if c.scale is not None]
    nameless = _alone([c for c in candidates if NAMELESS.fullmatch(c.title)])
    return named or nameless or (rating[0] if len(rating) == 1 else None)


def _alone(candidates: Sequence[ColumnProfile]) -> ColumnProfile | None:
    """Of columns without a name the one that holds answers on a small scale, where no other does."""
    answers = [c for c in candidates if _is_small_scale(c)]
    return answers[0] if len(answers) == 1 else None


def _is_small_scale(column: ColumnProfile) -> bool:
    """Whether nearly every number from 1 to the top of a small scale occurs, and each of them often."""
    scale = scale_of(column.title, column.numbers)
    if scale is None or scale.high > LIKELIEST or scale.low < 0:
        return False
    held = [v for v, _ in column.numbers if v not in scale.codes]
    return all(v == int(v) for v in held) and len(held) >= scale.high - 1 and column.filled >= 2 * len(held)


def score_scale(score: ColumnProfile, options: DraftOptions = NO_OPTIONS) -> Scale | None:
    """The scale of a score with what a person says of it. Raises BadInput where that cannot be."""
    if options.scale and options.scale[0] >= options.scale[1]:
        raise BadInput("draft.bad_scale", low=options.scale[0], high=options.scale[1])
    if not score.is_number:
        return None
    said = Said(options.scale) if options.scale else _said_by_words(score)
    found = scale_of(score.title, score.numbers, said)
    if found is None or options.worst is None:
        return found
    worst = options.worst
    if options.scale is None and worst > found.high and worst in LIMITS:  # nobody gave the worst answer
        return scale_of(score.title, score.numbers, Said((found.low, worst), turned=True))
    if worst not in (found.low, found.high):
        raise BadInput("draft.bad_worst", worst=worst, low=found.low, high=found.high, column=score.name)
    return scale_of(score.title, score.numbers, Said(said.scale, turned=worst == found.high))


def may_be_turned(header: str, scale: Scale) -> bool:
    """Whether the best answer may be the lowest number although nothing says so: a school's grade."""
    grade = re.search(r"\bnoten?\b|\bgrades?\b", header, re.I)
    return said_of(header).turned is None and bool(grade) and scale.high <= 6


def blank_counters(profile: TableProfile) -> list[ColumnProfile]:
    """Columns that count something and are mostly blank but never 0: a blank may mean none."""
    return [c for c in profile.columns if _is_blank_counter(c)]


def _is_blank_counter(column: ColumnProfile) -> bool:
    times = dict(column.numbers)
    whole = len(times) > 1 and min(times) == 1 and all(v == int(v) for v in times)
    counts = whole and max(times, key=lambda v: times[v]) <= 2  # once or twice is the commonest
    known_else = names.is_score_name(column.title) or names.ID_WORDS.search(column.name)
    return counts and not known_else and column.share_missing > 0.5
