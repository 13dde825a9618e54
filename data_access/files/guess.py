"""Which part does each column play? Guesses for a person to confirm, each with what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from data_access.files import names
from data_access.files.averages import find_averages
from data_access.files.by_values import by_values, flag, personal
from data_access.files.choices import common_start, is_flag, option_of, question_of, runs, without_choice
from data_access.files.doubles import repeated_by
from data_access.files.profile import ColumnProfile, Holds, TableProfile
from data_access.files.roles import ColumnRole, Part
from data_access.files.scales import Scale, codes_beside
from data_access.files.score import NO_OPTIONS, DraftOptions, column_named, find_score, score_scale
from data_access.files.sensitive import OWN_WORDS, Sensitive
from data_access.semantics import Level, Missing
from data_access.statement import BadInput

MOST_AGENTS, CONTACTS_OF_AN_AGENT = 5_000, 2
LONGEST_SPAN, HALF = 10, 0.5  # years of contacts in one file; of the rows
SURELY_A_TIME = 4  # ranks of names below this one say what happened then
CUSTOMERS_WORDS = re.compile(rf"{OWN_WORDS.pattern}|remark|feedback|用户描述|客户描述|备注|反馈", re.I)
ACCOUNTS = re.compile(r"(\b|_)account|账号|账户", re.I)  # of a customer, even where each is there once
RECORDINGS = re.compile(r"record(ing)?(\b|_)|录音|audio|voice.?file", re.I)
STAFF = (Part.AGENT, Part.PERSONAL, Part.IGNORED, Part.DIMENSION)
SHOWN = (Part.AGENT, Part.COMMENT)  # parts of which a person may want to know what they give away
SOUND = re.compile(r"https?://\S+|\S+\.(wav|mp3|m4a|ogg|opus|flac|aac|amr)", re.I)


def guess_roles(profile: TableProfile, options: DraftOptions = NO_OPTIONS) -> tuple[ColumnRole, ...]:
    """A role for every column, in their order. Raises BadInput where what a person says of the score cannot be."""
    slugs = dict(zip(profile.headers, names.unique_names(profile.headers), strict=True))
    score = find_score(profile, options)
    taken = {**_choices(profile, slugs), **_singles(profile, slugs, score, options)}
    scale = score_scale(score, options) if score else None
    if score is not None:
        taken |= _score(score, slugs[score.name], scale)
    found = [taken.get(c.name) or by_values(c, slugs[c.name], profile) for c in profile.columns]
    found = _with_blanks(_with_codes(found, profile, scale), profile, options)
    found = _without_doubles(found, profile, score)
    labels = {c.name: without_choice(c.label) for c in profile.columns}
    kind = "frequency" if find_averages(profile, score) else "survey"
    return tuple(
        replace(r, label=labels[r.column], kind=kind) for r in _with_parents(_with_staff(found, profile), profile)
    )


def _score(score: ColumnProfile, name: str, scale: Scale | None) -> dict[str, ColumnRole]:
    """The part of the score: on a scale, or a rate where it says yes or no."""
    role = ColumnRole(score.name, Part.SCORE, name, "draft.is_score")
    if scale is not None:
        return {score.name: role}
    rate = flag(score, role) if is_flag(score) else role
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
    said = [column_named(profile, name) for name in options.zero]
    words = next((c.name for c in said if not c.is_number), None)
    if words is not None:
        raise BadInput("draft.not_a_counter", column=words)
    asked = {c.name for c in said}
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


def _singles(
    profile: TableProfile, slugs: dict[str, str], score: ColumnProfile | None, options: DraftOptions
) -> dict[str, ColumnRole]:
    """Parts that one column of a table plays at most."""
    found: dict[str, ColumnRole] = {}

    def take(column: ColumnProfile | None, part: Part) -> None:
        if column is not None and column.name not in found:
            role = ColumnRole(column.name, part, slugs[column.name], f"draft.is_{part.value}")
            found[column.name] = replace(role, sensitive=personal(column) if part in SHOWN else None)

    take(score, Part.SCORE)
    take(_first(profile, names.EXTRACTED, lambda c: c.is_time), Part.EXTRACTED)
    take(_first(profile, names.LOADED, lambda c: c.is_time), Part.LOADED)
    take(contact_time([c for c in profile.columns if c.name not in found], options, profile), Part.TIME)
    _tell_bulk_load(found, profile)
    take(_first(profile, names.WEIGHTS, lambda c: c.is_number), Part.WEIGHT)
    averages = find_averages(profile, score)
    take(averages.count if averages else None, Part.WEIGHT)
    take(_first(profile, names.EXEMPT, is_flag), Part.EXCLUDED)
    take(_first(profile, names.INVITED, is_flag), Part.RESPONDED)
    take(_contact_id(profile), Part.CONTACT_ID)
    take(_customer_id(profile), Part.CUSTOMER_ID)
    take(_agent(profile), Part.AGENT)
    take(_recording(profile), Part.RECORDING)
    take(_comment(profile), Part.COMMENT)
    return found


def _tell_bulk_load(found: dict[str, ColumnRole], profile: TableProfile) -> None:
    """Rows that were all loaded after the last contact came at once: their time says when the data were taken."""
    by_part = {role.part: column_named(profile, role.column) for role in found.values()}
    loaded, time = by_part.get(Part.LOADED), by_part.get(Part.TIME)
    if loaded is None or time is None or not loaded.least > time.most > "":
        return
    role = found.pop(loaded.name)
    if Part.EXTRACTED not in by_part:
        found[loaded.name] = replace(role, part=Part.EXTRACTED, note=f"draft.is_{Part.EXTRACTED.value}")


def _first(profile: TableProfile, pattern: re.Pattern[str], fits: object) -> ColumnProfile | None:
    return next((c for c in profile.columns if pattern.search(c.name) and fits(c)), None)  # type: ignore[operator]


def contact_time(
    columns: Sequence[ColumnProfile], options: DraftOptions, profile: TableProfile
) -> ColumnProfile | None:
    """When the contact or the answer was: the surest name; no date of something else, as of an order or a SIM."""
    if options.time is not None:
        asked = column_named(profile, options.time)
        if not asked.is_time:
            raise BadInput("draft.not_a_time", column=asked.name)
        return asked
    times = [c for c in columns if c.is_time and c.filled and _may_be_the_time(c)]
    return min(times, key=lambda c: (_time_rank(c), c.missing), default=None)


def _time_rank(c: ColumnProfile) -> int:
    ranks = [names.time_rank(text) for text in (c.name, c.label) if text]
    return max(ranks) if names.OTHER_TIME in ranks else min(ranks)


def _may_be_the_time(c: ColumnProfile) -> bool:
    """A name that says little is believed where most rows have a date and these lie within some years."""
    if _time_rank(c) < SURELY_A_TIME:
        return True
    years = int(c.most[:4]) - int(c.least[:4]) if c.least[:4].isdigit() and c.most[:4].isdigit() else 0
    return _time_rank(c) < names.OTHER_TIME and c.share_missing <= HALF and years <= LONGEST_SPAN


def _contact_id(profile: TableProfile) -> ColumnProfile | None:
    """A column with an id's name in which every row has its own value."""
    unique = [c for c in profile.columns if c.distinct == profile.sampled > 1 and not c.missing and _is_named_id(c)]
    return min(unique, key=_id_rank, default=None)


def _is_named_id(c: ColumnProfile) -> bool:
    named = names.is_row_id(c.name) or (names.is_id_name(c.name) and not ACCOUNTS.search(c.name))
    return named and not c.is_time and personal(c) in (None, Sensitive.PERSON_ID)


def _id_rank(c: ColumnProfile) -> int:
    if names.ROW_NUMBERS.search(c.name):
        return 2
    return 0 if names.is_row_id(c.name) else 1


def _customer_id(profile: TableProfile) -> ColumnProfile | None:
    ids = [
        c
        for c in profile.columns
        if c.distinct > 20 and personal(c) is Sensitive.PERSON_ID and names.is_id_name(c.name)
    ]
    return ids[0] if ids else None


def _agent(profile: TableProfile) -> ColumnProfile | None:
    """Who served: the lowest rank of the staff, else a number of an agent rather than a name."""
    if profile.staff.holds:
        return next(c for c in profile.columns if c.name == profile.staff.columns[0])
    agents = [c for c in profile.columns if names.AGENTS.search(c.name) and _serves(c)]
    return min(agents, key=lambda c: personal(c) is Sensitive.NAME, default=None)


def _serves(c: ColumnProfile) -> bool:
    several = 2 <= c.distinct <= MOST_AGENTS and c.filled >= CONTACTS_OF_AN_AGENT * c.distinct
    return several and c.holds in (Holds.TEXT, Holds.INTEGER) and personal(c) in (None, Sensitive.NAME)


def _comment(profile: TableProfile) -> ColumnProfile | None:
    """What customers wrote; notes that staff keep are none."""
    written = [c for c in profile.columns if c.filled and personal(c) is Sensitive.FREE_TEXT]
    return next((c for c in written if CUSTOMERS_WORDS.search(c.title)), None)


def _recording(profile: TableProfile) -> ColumnProfile | None:
    """Where a call can be heard: addresses or files of sound."""
    named = [c for c in profile.columns if RECORDINGS.search(c.name) and c.holds is Holds.TEXT and c.values]
    return next((c for c in named if sum(map(bool, map(SOUND.fullmatch, c.texts))) > HALF * len(c.texts)), None)


def _with_staff(roles: Sequence[ColumnRole], profile: TableProfile) -> list[ColumnRole]:
    """The columns of one line of staff become dimensions, each under the next; that they are names stays said."""
    if not profile.staff.holds:
        return list(roles)
    names_of = {r.column: r.name for r in roles}
    above = {line.child: names_of[line.parent] for line in profile.staff.lines}
    return [
        replace(
            r,
            part=r.part if r.part is Part.AGENT else Part.DIMENSION,
            under=above.get(r.column, ""),
            order=(),
            note="draft.is_staff",
        )
        if r.column in profile.staff.columns and r.part in STAFF
        else r
        for r in roles
    ]


def _with_parents(roles: Sequence[ColumnRole], profile: TableProfile) -> tuple[ColumnRole, ...]:
    names_of = {r.column: r.name for r in roles if r.is_dimension}
    above = {child: names_of[parent] for child, parent in profile.parents if parent in names_of}
    return tuple(replace(r, under=above[r.column]) if r.is_dimension and r.column in above else r for r in roles)


def _choices(profile: TableProfile, slugs: dict[str, str]) -> dict[str, ColumnRole]:
    """Columns of a multi-select: neighbours that each say no by the same sign and yes by one sign of their own."""
    found: dict[str, ColumnRole] = {}
    for number, run in enumerate(runs(profile.columns), start=1):
        question = question_of(run)
        base = names.slug(common_start(run))
        free = base and base not in slugs.values() and names.is_free(base)
        group = base if free else f"choices_{number}"
        yes = tuple(dict.fromkeys(sign.yes for _, sign in run))
        no = () if run[0][1].no is None else (run[0][1].no,)
        for column, _ in run:
            role = ColumnRole(column.name, Part.CHOICE, slugs[column.name], "draft.is_choice", group=group, yes=yes)
            found[column.name] = replace(role, no=no, question=question, option=option_of(column, run))
    return found
