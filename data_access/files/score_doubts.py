"""What was guessed of the score and of codes for no answer, and how to say it otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data_access.files import names
from data_access.files.compose import Settings
from data_access.files.profile import ColumnProfile, TableProfile
from data_access.files.roles import ColumnRole, Part
from data_access.files.score import blank_counters, may_be_turned
from data_access.metric_file import has_limits
from data_access.semantics import Missing
from data_access.statement import Statement


def score_doubts(profile: TableProfile, roles: Sequence[ColumnRole], settings: Settings) -> list[Statement]:
    """What was guessed of the score, of codes in other columns and of counters that are mostly blank."""
    columns = {c.name: c for c in profile.columns}
    found = [s for r in roles if r.part is Part.SCORE for s in _score(columns[r.column], settings)]
    found += [Statement("draft.codes", {"column": r.column, "codes": list(r.codes)}) for r in roles if r.codes]
    zero = {r.column for r in roles if r.missing is Missing.ZERO or r.part is Part.SCORE}
    for column in blank_counters(profile):
        if column.name not in zero:
            values = {"column": column.name, "share": column.share_missing}
            found.append(Statement("draft.blank_zero", values))
    return found


def _score(score: ColumnProfile, settings: Settings) -> Iterator[Statement]:
    scale, about = settings.scale, {"column": score.name}
    held = [v for v, _ in score.numbers if v not in scale.codes]
    ends = {**about, "low": scale.low, "high": scale.high}
    if not has_limits(settings.formula):
        yield Statement("draft.nps", about)
    yield Statement("draft.scale", ends | {"least": f"{min(held):g}", "most": f"{max(held):g}"})
    if scale.turned:
        yield Statement("draft.turned", ends)
    elif may_be_turned(score.title, scale):
        yield Statement("draft.may_be_turned", ends)
    for code in scale.codes:
        n = dict(score.numbers).get(float(code), 0)
        near = code >= 0 and code in (scale.low - 1, scale.high + 1)
        wider = {"least": min(code, scale.low), "most": max(code, scale.high)}
        yield Statement("draft.code_beside" if near else "draft.code", {**ends, "code": code, "n": n, **wider})
    others = [name for name in settings.candidates if name != score.name and names.is_score_name(name)]
    if others:
        yield Statement("draft.other_scores", {**about, "others": others})
    elif not names.is_score_name(score.title):
        yield Statement("draft.score_alone", about)
