"""Which part does each column play? Guesses for a person to confirm, each with what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from data_access.files import names
from data_access.files.choices import NO, YES, common_start, is_flag, runs, typed
from data_access.files.doubles import repeated_by
from data_access.files.profile import ColumnProfile, Holds, TableProfile
from data_access.files.scales import Scale, codes_beside, list_sign, order_of, split_of
from data_access.files.score import NEARLY_BLANK, NO_OPTIONS, DraftOptions, column_named, find_score, score_scale
from data_access.files.score_words import said_of
from data_access.files.sensitive import Sensitive, sensitive
from data_access.labels import Scalar
from data_access.semantics import Level, Missing, is_reserved
from data_access.statement import BadInput

MEMBERS = 60
TIMES = ("ms", "s", "min", "h", "d")  # units of what customers would rather have shorter
CODED = re.compile(
    r"type|code|kind|class|category|channel|level|tier|flag|group|类型|类别|编码|代码|等级|渠道|星级|级别|是否", re.I
)


class Part(StrEnum):
    """The parts a column can play."""

    SCORE = "score"
    TIME = "time"
    LOADED = "loaded"
    EXTRACTED = "extracted"
    CONTACT_ID = "contact_id"
    CUSTOMER_ID = "customer_id"
    RESPONDED = "responded"
    EXCLUDED = "excluded"
    WEIGHT = "weight"
    METRIC = "metric"
    DIMENSION = "dimension"
    CHOICE = "choice"  # one column of a multi-select
    DRIVER = "driver"
    REASON = "reason"
    PERSONAL = "personal"
    IGNORED = "ignored"


@dataclass(frozen=True)
class ColumnRole:
    """A column and its part. `note` is the key of the text that says why; the fields below serve some parts only.

    order: values of an ordinal dimension. under: name of the dimension above. group, yes, no: of a multi-select.
    split: of a reason or a dimension. not_stated: of a reason. values: (worst, best) of a metric; survey: whether
    customers were asked for it. sensitive: what a personal column gives away. label: what the file says of the column
    beyond its name. codes: values of a driver or dimension that stand for no answer. of: columns that it
    says again, where it is left out for that. unit: of a driver.
    """

    column: str
    part: Part
    name: str
    note: str = ""
    level: Level = Level.NOMINAL
    missing: Missing = Missing.UNKNOWN
    codes: tuple[Scalar, ...] = ()
    order: tuple[str, ...] = ()
    under: str = ""
    group: str = ""
    yes: tuple[Scalar, ...] = ()
    no: tuple[Scalar, ...] = ()
    split: str = ""
    not_stated: str = ""
    values: tuple[Scalar, ...] = ()
    better: str = "high"
    sensitive: Sensitive | None = None
    label: str = ""
    of: tuple[str, ...] = ()
    unit: str = ""
    survey: bool = False

    @property
    def said(self) -> str:
        """What the column is called on screen: its label where the file has one."""
        return self.label or self.column


def guess_roles(profile: TableProfile, options: DraftOptions = NO_OPTIONS) -> tuple[ColumnRole, ...]:
    """A role for every column, in their order. Raises BadInput where what a person says of the score cannot be."""
    slugs = dict(zip(profile.headers, names.unique_names(profile.headers), strict=True))
    score = find_score(profile, options)
    taken = {**_choices(profile, slugs), **_singles(profile, slugs, score)}
    scale = score_scale(score, options) if score else None
    if score is not None:
        taken |= _score(score, slugs[score.name], scale)
    found = [taken.get(c.name) or _by_values(c, slugs[c.name], profile) for c in profile.columns]
    found = _with_blanks(_with_codes(found, profile, scale), profile, options)
    found = _without_doubles(found, profile, score)
    labels = {c.name: c.label for c in profile.columns}
    return tuple(replace(r, label=labels[r.column]) for r in _with_parents(_with_staff(found, profile), profile))


def _score(score: ColumnProfile, name: str, scale: Scale | None) -> dict[str, ColumnRole]:
    """The part of the score: on a scale, or a rate where it says yes or no."""
    role = ColumnRole(score.name, Part.SCORE, name, "draft.is_score")
    if scale is not None:
        return {score.name: role}
    rate = _flag(score, role) if is_flag(score) else role
    if rate.part is not Part.METRIC:
        raise BadInput("draft.not_a_score", column=score.name)
    return {score.name: rate}


def _with_codes(roles: Sequence[ColumnRole], profile: TableProfile, scale: Scale | None) -> list[ColumnRole]:
    """The codes for no answer in drivers and dimensions of numbers, by the rule that holds for the score."""
    numbers, scales = {c.name: c.numbers for c in profile.columns}, {Part.DRIVER: scale, Part.DIMENSION: None}
    codes = {r.column: codes_beside(numbers[r.column], scales[r.part]) for r in roles if r.part in scales}
    return [replace(r, codes=codes.get(r.column, ())) for r in roles]


def _with_blanks(roles: Sequence[ColumnRole], profile: TableProfile, options: DraftOptions) -> list[ColumnRole]:
    """Columns of which somebody says that a blank means 0 are drivers."""
    asked = {column_named(profile, name).name for name in options.zero}
    counter = {"part": Part.DRIVER, "level": Level.INTERVAL, "missing": Missing.ZERO, "note": "draft.is_driver"}
    return [replace(r, **counter) if r.column in asked else r for r in roles]  # type: ignore[arg-type]


def _without_doubles(
    roles: Sequence[ColumnRole], profile: TableProfile, score: ColumnProfile | None
) -> list[ColumnRole]:
    """Drivers and dimensions that say the score again, or add up answers, are left out."""
    again = repeated_by(profile.doubles, score.name if score else None)
    said = {r.column: again[r.column] for r in roles if r.column in again and r.part in (Part.DRIVER, Part.DIMENSION)}
    out = {column: {"part": Part.IGNORED, "note": d.note, "of": d.of, "codes": ()} for column, d in said.items()}
    return [replace(r, **out.get(r.column, {})) for r in roles]  # type: ignore[arg-type]


def _singles(profile: TableProfile, slugs: dict[str, str], score: ColumnProfile | None) -> dict[str, ColumnRole]:
    """Parts that one column of a table plays at most."""
    found: dict[str, ColumnRole] = {}

    def take(column: ColumnProfile | None, part: Part, **more: str) -> None:
        if column is not None and column.name not in found:
            found[column.name] = ColumnRole(column.name, part, slugs[column.name], f"draft.is_{part.value}", **more)  # type: ignore[arg-type]

    take(score, Part.SCORE)
    take(_first(profile, names.EXTRACTED, lambda c: c.is_time), Part.EXTRACTED)
    take(_first(profile, names.LOADED, lambda c: c.is_time), Part.LOADED)
    times = [c for c in profile.columns if c.is_time and c.filled and c.name not in found]
    take(min(times, key=lambda c: (names.time_rank(c.name), c.missing), default=None), Part.TIME)
    take(_first(profile, names.WEIGHTS, lambda c: c.is_number), Part.WEIGHT)
    take(_first(profile, names.EXEMPT, is_flag), Part.EXCLUDED)
    take(_first(profile, names.INVITED, is_flag), Part.RESPONDED)
    take(_contact_id(profile), Part.CONTACT_ID)
    take(_customer_id(profile), Part.CUSTOMER_ID)
    return found


def _first(profile: TableProfile, pattern: re.Pattern[str], fits: object) -> ColumnProfile | None:
    return next((c for c in profile.columns if pattern.search(c.name) and fits(c)), None)  # type: ignore[operator]


def _contact_id(profile: TableProfile) -> ColumnProfile | None:
    """A column with an id's name in which every row has its own value."""
    unique = [
        c
        for c in profile.columns
        if c.distinct == profile.sampled > 1 and not c.missing and names.ID_WORDS.search(c.name) and not _personal(c)
    ]
    return min(unique, key=lambda c: not names.CONTACT_IDS.search(c.name), default=None)


def _customer_id(profile: TableProfile) -> ColumnProfile | None:
    ids = [
        c
        for c in profile.columns
        if names.CUSTOMER_IDS.search(c.name)
        and names.ID_WORDS.search(c.name)
        and c.distinct > 20
        and not _personal(c)
    ]
    return ids[0] if ids else None


def _personal(column: ColumnProfile) -> Sensitive | None:
    if column.holds not in (Holds.TEXT, Holds.INTEGER):
        return None
    found = sensitive(column.name, column.texts)
    return found if column.holds is Holds.TEXT or found in (Sensitive.PHONE, Sensitive.CARD) else None


def _by_values(c: ColumnProfile, name: str, profile: TableProfile) -> ColumnRole:
    """The part of a column that has none of its own, by what it holds."""
    role = ColumnRole(c.name, Part.IGNORED, name)
    personal = _personal(c)
    if personal is not None:
        return replace(role, part=Part.PERSONAL, sensitive=personal, note=f"draft.personal_{personal.value}")
    if not c.filled or (c.distinct == 1 and not c.missing):
        return replace(role, note="draft.is_constant")
    if c.share_missing > NEARLY_BLANK and not is_flag(c):
        return replace(role, note="draft.is_blank")
    if c.is_time:
        return replace(role, note="draft.is_other_time")
    if names.REASONS.search(c.name) and not c.is_number:
        return _reason(c, role)
    if is_flag(c):
        return _flag(c, role)
    return _number(c, role, profile) if c.is_number else _words(c, role, profile)


def _reason(c: ColumnProfile, role: ColumnRole) -> ColumnRole:
    split = split_of(c.values) or ""
    parts = {p for v in c.texts for p in (v.split(split) if split else [v])}
    if len(parts) > 2 * MEMBERS:
        return replace(role, note="draft.is_many")
    chinese = any(names.CHINESE.search(text) for text in (c.name, *c.texts))
    not_stated = "未说明" if chinese else "not stated"
    return replace(role, part=Part.REASON, split=split, not_stated=not_stated, note="draft.is_reason")


def _flag(c: ColumnProfile, role: ColumnRole) -> ColumnRole:
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
    if c.distinct == profile.sampled or names.ID_WORDS.search(c.name):
        return replace(role, note="draft.is_id")
    if c.holds is Holds.INTEGER and c.distinct <= 12 and CODED.search(c.name):
        return replace(role, part=Part.DIMENSION, note="draft.is_dimension")
    better = "low" if names.WORSE_HIGH.search(c.name) or c.unit in TIMES else "high"
    return replace(role, part=Part.DRIVER, level=Level.INTERVAL, better=better, unit=c.unit, note="draft.is_driver")


def _words(c: ColumnProfile, role: ColumnRole, profile: TableProfile) -> ColumnRole:
    split = list_sign(c.values)
    if split:
        return replace(role, part=Part.DIMENSION, split=split, note="draft.is_dimension")
    if c.distinct > MEMBERS:
        unique = c.distinct > 0.9 * min(c.filled, profile.sampled)
        return replace(role, note="draft.is_id" if unique else "draft.is_many")
    order = order_of(c.texts)
    level = Level.ORDINAL if order else Level.NOMINAL
    return replace(role, part=Part.DIMENSION, level=level, order=order, note="draft.is_dimension")


def _with_staff(roles: Sequence[ColumnRole], profile: TableProfile) -> list[ColumnRole]:
    """The columns of one line of staff become dimensions, each under the next; that they are names stays said."""
    if not profile.staff.holds:
        return list(roles)
    names_of = {r.column: r.name for r in roles}
    above = {line.child: names_of[line.parent] for line in profile.staff.lines}
    return [
        replace(r, part=Part.DIMENSION, under=above.get(r.column, ""), order=(), note="draft.is_staff")
        if r.column in profile.staff.columns and r.part in (Part.PERSONAL, Part.IGNORED, Part.DIMENSION)
        else r
        for r in roles
    ]


def _with_parents(roles: Sequence[ColumnRole], profile: TableProfile) -> tuple[ColumnRole, ...]:
    names_of = {r.column: r.name for r in roles if r.part is Part.DIMENSION}
    above = {child: names_of[parent] for child, parent in profile.parents if parent in names_of}
    return tuple(
        replace(r, under=above[r.column]) if r.part is Part.DIMENSION and r.column in above else r for r in roles
    )


def _choices(profile: TableProfile, slugs: dict[str, str]) -> dict[str, ColumnRole]:
    """Columns of a multi-select: neighbours that each say no by the same sign and yes by one sign of their own."""
    found: dict[str, ColumnRole] = {}
    for number, run in enumerate(runs(profile.columns), start=1):
        base = names.slug(common_start(run))
        free = base and base not in (*slugs.values(), *names.RESERVED) and not is_reserved(base)
        group = base if free else f"choices_{number}"
        yes = tuple(dict.fromkeys(sign.yes for _, sign in run))
        no = () if run[0][1].no is None else (run[0][1].no,)
        for column, _ in run:
            found[column.name] = ColumnRole(
                column.name, Part.CHOICE, slugs[column.name], "draft.is_choice", group=group, yes=yes, no=no
            )
    return found
