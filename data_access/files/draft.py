"""What might the semantic model of this table be? A draft to confirm, and every doubt that it carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data_access.files import names
from data_access.files.compose import Settings, Span, compose
from data_access.files.guess import guess_roles
from data_access.files.kept_profile import profile_file
from data_access.files.options import LoadedFile, options_said
from data_access.files.profile import ColumnProfile, Holds, TableProfile
from data_access.files.roles import ColumnRole, Part, question_said
from data_access.files.row_doubts import row_doubts
from data_access.files.score import NO_OPTIONS, DraftOptions, score_candidates, score_scale
from data_access.files.score_doubts import score_doubts
from data_access.statement import Statement

Say = Callable[[Statement], str]


@dataclass(frozen=True)
class Draft:
    """A drafted model: its TOML, the roles it was composed of, and what a person should look at."""

    text: str
    roles: tuple[ColumnRole, ...]
    settings: Settings
    doubts: tuple[Statement, ...]

    def commented(self, say: Say) -> str:
        """The TOML with doubts and left-out columns as comments, in the language of `say`."""
        left_out = [r for r in self.roles if r.part in (Part.PERSONAL, Part.IGNORED)]
        flags = [Statement(r.note, {"column": r.column, "of": r.of}) for r in left_out if r.note]
        notes = [f"# {_one_line(say(s))}" for s in (*self.doubts, *flags)]
        return "\n".join([*notes, "", self.text]) if notes else self.text


def draft_model(source: LoadedFile | TableProfile, options: DraftOptions = NO_OPTIONS) -> Draft:
    """A drafted model of a loaded file or of a table's profile. Raises BadInput when nothing could be a score."""
    loaded = source if isinstance(source, LoadedFile) else None
    profile = profile_file(loaded) if loaded else source
    assert isinstance(profile, TableProfile)
    roles = guess_roles(profile, options)
    settings = guess_settings(profile, roles, options)
    if loaded:
        settings = replace(settings, reading=tuple(options_said(loaded.options).items()))
    doubts = (*(loaded.doubts if loaded else ()), *find_doubts(profile, roles, settings))
    return Draft(compose(roles, settings), roles, settings, doubts)


def guess_settings(
    profile: TableProfile, roles: Sequence[ColumnRole], options: DraftOptions = NO_OPTIONS
) -> Settings:
    """Scale, time zone and cluster that go with the roles."""
    columns = {c.name: c for c in profile.columns}
    settings = Settings(
        profile.table,
        timezone="Asia/Shanghai" if _is_chinese(profile) else "UTC",
        cluster=_cluster(profile, roles),
        candidates=tuple(c.name for c in score_candidates(profile))[:8],
        spans=_spans(profile, roles),
        returns=_returns({r.part: columns.get(r.column) for r in roles}),
    )
    score = next((columns[r.column] for r in roles if r.part is Part.SCORE), None)
    scale = score_scale(score, options) if score else None
    return replace(settings, scale=scale, formula=scale.formula) if scale else settings


def _returns(by_part: Mapping[Part, ColumnProfile | None]) -> bool:
    """Whether somebody could be seen to come back within hours, if only a column says who it was."""
    time, customer = by_part.get(Part.TIME), by_part.get(Part.CUSTOMER_ID)
    once = customer is not None and customer.distinct >= customer.filled
    return time is not None and time.holds is Holds.TIME and not once


def _spans(profile: TableProfile, roles: Sequence[ColumnRole]) -> tuple[Span, ...]:
    """The times between two columns, under names that no column has."""
    taken = {r.name for r in roles}
    found: list[Span] = []
    for between in profile.between:
        end = next(r.name for r in roles if r.column == between.column)
        name = f"time_to_{end}"
        while name in taken:
            name += "_2"
        taken.add(name)
        found.append(Span(name, between.since, between.column))
    return tuple(found)


def _is_chinese(profile: TableProfile) -> bool:
    if any(names.CHINESE.search(header) for header in profile.headers):
        return True
    return any(names.CHINESE.search(text) for c in profile.columns for text in c.texts[:20])


def _cluster(profile: TableProfile, roles: Sequence[ColumnRole]) -> str:
    """A dimension of teams or agents with several rows a member."""
    rows = {c.name: c.filled / max(c.distinct, 1) for c in profile.columns}
    for pattern in names.CLUSTERS:
        for role in roles:
            fits = role.is_dimension and pattern.search(role.column) and not role.order
            if fits and rows[role.column] >= 5:
                return role.name
    return ""


def find_doubts(profile: TableProfile, roles: Sequence[ColumnRole], settings: Settings) -> tuple[Statement, ...]:
    """What was guessed and might be otherwise."""
    columns = {c.name: c for c in profile.columns}
    by_part: dict[Part, list[ColumnRole]] = {}
    for role in roles:
        by_part.setdefault(role.part, []).append(role)
    found: list[Statement] = []
    found += score_doubts(profile, roles, settings)
    found += _time_doubts(columns, by_part, settings)
    for group in dict.fromkeys(r.group for r in by_part.get(Part.CHOICE, [])):
        members = [r for r in by_part[Part.CHOICE] if r.group == group]
        options = [r.option or r.column for r in members]
        values = {"group": group, "members": [r.column for r in members], "options": options}
        found.append(Statement("draft.choices", values | {"question": question_said(members)}))
    for role in by_part.get(Part.REASON, []):
        if role.split:
            found.append(Statement("draft.split", {"column": role.column, "sign": role.split}))
    for role in by_part.get(Part.DIMENSION, []):
        if role.note == "draft.is_blank_no":
            found.append(Statement(role.note, {"column": role.column}))
    if settings.cluster:
        column = next(role.column for role in roles if role.name == settings.cluster)
        found.append(Statement("draft.cluster", {"name": settings.cluster, "column": column}))
    return (*found, *row_doubts(profile, roles), *_relation_doubts(profile))


def _relation_doubts(profile: TableProfile) -> Iterator[Statement]:
    """Times between two columns, those of them that cannot be, and staff who stand under several."""
    for b in profile.between:
        values = {"since": b.since, "column": b.column, "n": b.n, "impossible": b.impossible}
        yield Statement("draft.span_impossible" if b.impossible else "draft.span", values)
    if profile.staff.holds:
        yield Statement("draft.staff", {"columns": profile.staff.columns})
    for line in profile.staff.lines:
        if line.moving:
            values = {"child": line.child, "parent": line.parent, "moving": line.moving, "members": line.members}
            yield Statement("draft.staff_moves", values)


def _time_doubts(
    columns: dict[str, ColumnProfile], by_part: dict[Part, list[ColumnRole]], settings: Settings
) -> list[Statement]:
    dates = [r for r in by_part.get(Part.IGNORED, []) if columns[r.column].is_time]
    if Part.TIME not in by_part:
        named = {"columns": [r.column for r in dates], "n": len(dates)} if dates else {}
        return [Statement("draft.no_contact_time" if dates else "draft.no_time", named)]
    time = columns[by_part[Part.TIME][0].column]
    found = [Statement("draft.timezone", {"zone": settings.timezone})]
    others = [r.column for r in dates if names.time_rank(r.column) < names.OTHER_TIME]
    if others:
        found.append(Statement("draft.other_times", {"column": time.name, "others": others}))
    if time.missing:
        found.append(Statement("draft.time_missing", {"column": time.name, "n": time.missing}))
    return found


def _one_line(text: str) -> str:
    """TOML comments may hold no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
