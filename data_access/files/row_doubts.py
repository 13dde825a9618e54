"""What was guessed of the rows and of the people in them: averages, who served, what customers wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data_access.files.averages import find_averages
from data_access.files.profile import TableProfile
from data_access.files.roles import ColumnRole, Part
from data_access.files.sensitive import Sensitive
from data_access.statement import Statement


def row_doubts(profile: TableProfile, roles: Sequence[ColumnRole]) -> Iterator[Statement]:
    """Whether rows are averages and how they count, and what columns of people and their words are kept for."""
    yield from _averages(profile, roles)
    for role in roles:
        about = {"column": role.column}
        if role.part is Part.AGENT and not profile.staff.holds:
            yield Statement("draft.agent_named" if role.sensitive is Sensitive.NAME else "draft.agent", about)
        if role.part is Part.COMMENT:
            yield Statement("draft.comment", about)


def _averages(profile: TableProfile, roles: Sequence[ColumnRole]) -> Iterator[Statement]:
    score = next((r.column for r in roles if r.part is Part.SCORE), None)
    column = next((c for c in profile.columns if c.name == score), None)
    averages = find_averages(profile, column)
    if averages is None:
        return
    weight = next((r.column for r in roles if r.part is Part.WEIGHT), None)
    if weight is not None:
        key = "draft.rows_count_answers" if averages.alike else "draft.averages_weighed"
        yield Statement(key, {"column": averages.score, "weight": weight})
    elif averages.others:
        values = {"column": averages.score, "others": averages.others, "first": averages.others[0]}
        yield Statement("draft.averages_may_be_weighed", values)
    else:
        yield Statement("draft.averages_alike", {"column": averages.score})
