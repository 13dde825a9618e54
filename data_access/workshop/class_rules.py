"""What may be done in a class, by whom and when? Pure.

As in `rules`, every check returns nothing when it holds and raises when it does not.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from data_access.access import NotAllowed, User, may_teach, sees_every_group
from data_access.statement import BadInput, Statement
from data_access.training import Case, Words
from data_access.workshop.class_records import Group, Stage, TrainingClass
from data_access.workshop.field_rules import LONGEST_TEXT, has_strange_signs
from data_access.workshop.records import Issue
from data_access.workshop.signs import is_blank, is_same_name, one_line

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
CODE_LENGTH = 6
LONGEST_NAME, LONGEST_TITLE = 60, 200
MOST_GROUPS, MOST_MEMBERS, LONGEST_STAGE = 30, 300, timedelta(days=1)
LEVELS = ("nominal", "ordinal", "interval")
POINTS = 25  # for a criterion that the case does not speak of
HIDDEN = Words("", "")
EVIDENCE_STAGES = (Stage.DATA_PROBLEM, Stage.WHY)  # what is pinned shows the problem, or why it is there
FIELD_STAGES = {
    **dict.fromkeys(("basis", "basis_reason", "origin", "data_version"), Stage.DATA_PROBLEM),
    **dict.fromkeys(("path", "branches", "location_reason"), Stage.WHERE),
    **dict.fromkeys(("cause", "cause_type", "gap", "system", "power", "owner", "person", "exception"), Stage.WHY),
}
STATE_STAGES = {"planned": Stage.SOLUTION, "diagnosed": Stage.WHY, "open": Stage.WHY}


def new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))


def typed_code(code: str) -> str:
    """A code as people type it: in small letters, with blanks or dashes.

    >>> typed_code(" abc-d23 ")
    'ABCD23'
    """
    return "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())


def check_may_teach(user: User) -> None:
    if not may_teach(user):
        raise NotAllowed("class.may_not.teach")


def check_may_join(user: User) -> None:
    """Who sees the work of every group cannot take part in one."""
    if may_teach(user) or sees_every_group(user):
        raise NotAllowed("class.may_not.join")


def check_goes_on(klass: TrainingClass) -> None:
    if klass.ended_at:
        raise BadInput("class.gate.ended", title=klass.title)


def check_not_revealed(klass: TrainingClass) -> None:
    check_goes_on(klass)
    if klass.revealed_at:
        raise BadInput("class.gate.revealed", title=klass.title)


def check_not_submitted(group: Group) -> None:
    if group.submitted_at:
        raise BadInput("class.gate.submitted", group=group.name)


def check_begun(klass: TrainingClass) -> None:
    if klass.stage is None and not klass.open:
        raise BadInput("class.gate.not_begun", title=klass.title)


def check_not_begun(klass: TrainingClass) -> None:
    if klass.stage is not None or klass.open:
        raise BadInput("class.gate.begun", title=klass.title)


def is_open(klass: TrainingClass, stage: Stage, now: datetime) -> bool:
    """Whether work of a stage is taken now."""
    is_over = stage is klass.stage and klass.locks_at_end and klass.ends_at is not None and now >= klass.ends_at
    return stage in klass.open and not is_over


def check_work(user: User, klass: TrainingClass, group: Group, stages: Collection[Stage]) -> None:
    """The work of a group may be changed now: one of the stages that it belongs to is open. Nothing changes what was
    handed in, and stages do not bind who teaches."""
    check_goes_on(klass)
    check_not_submitted(group)
    if may_teach(user):
        return
    check_not_revealed(klass)
    now = datetime.now(UTC)
    if stages and not any(is_open(klass, stage, now) for stage in stages):
        raise BadInput("class.gate.stage_closed", stage=stage_name(next(iter(stages))))


def stages_of_change(before: Issue, after: Issue) -> list[Stage]:
    """The stages to which the fields belong that are changed; all of them must be open.

    Where the data problem lies in a part of the data, the path begins with that part: it comes with the problem.
    """
    begins = {"path"} if after.origin and not (before.origin or before.path) else set()
    changed = {name for name in FIELD_STAGES if getattr(before, name) != getattr(after, name)}
    wanted = {FIELD_STAGES[name] for name in changed - begins}
    if before.state != after.state:
        wanted.add(Stage.SOLUTION if before.state == "planned" else STATE_STAGES.get(after.state, Stage.SOLUTION))
    return [stage for stage in Stage if stage in wanted]


def stage_name(stage: Stage) -> Statement:
    return Statement(f"workshop.stage.{stage}")


def started(klass: TrainingClass, stage: Stage, minutes: float | None, *, locks_at_end: bool) -> TrainingClass:
    check_not_revealed(klass)
    ends_at = None if minutes is None else datetime.now(UTC) + length(minutes)
    return replace(opened(klass, stage), stage=stage, ends_at=ends_at, locks_at_end=locks_at_end)


def opened(klass: TrainingClass, stage: Stage) -> TrainingClass:
    return replace(klass, open=tuple(one for one in Stage if one in (*klass.open, stage)))


def locked(klass: TrainingClass, stage: Stage) -> TrainingClass:
    return replace(klass, open=tuple(one for one in klass.open if one is not stage))


def unlocked(klass: TrainingClass, stage: Stage) -> TrainingClass:
    """Its work is taken again, also where the time of the stage that runs is over."""
    is_over = stage is klass.stage and not is_open(opened(klass, stage), stage, datetime.now(UTC))
    return replace(opened(klass, stage), locks_at_end=klass.locks_at_end and not is_over)


def extended(klass: TrainingClass, minutes: float) -> TrainingClass:
    """The running stage ends so much later: than it would have, or than now where its time is over or had no end."""
    check_not_revealed(klass)
    if klass.stage is None:
        raise BadInput("class.gate.not_begun", title=klass.title)
    now = datetime.now(UTC)
    return replace(klass, ends_at=max(klass.ends_at or now, now) + length(minutes))


def length(minutes: float) -> timedelta:
    if not math.isfinite(minutes) or not timedelta() < timedelta(minutes=min(minutes, 1e6)) <= LONGEST_STAGE:
        raise BadInput("class.form.minutes", most=round(LONGEST_STAGE.total_seconds() / 60))
    return timedelta(minutes=minutes)


def known_stage(stage: str) -> Stage:
    if stage not in [*Stage]:
        raise BadInput("class.form.stage")
    return Stage(stage)


def name_given(name: str, others: Iterable[str], *, field: str) -> str:
    """The name on one line. Raises BadInput for one that is blank, too long or reads like another."""
    line = one_line(text_given(name, LONGEST_NAME, field=field))
    if any(is_same_name(line, other) for other in others):
        raise BadInput("class.form.name_taken", name=line)
    return line


def text_given(text: str, most: int, *, field: str) -> str:
    """The text without blanks around it. Raises BadInput for one that is blank, too long or cannot be saved."""
    what = Statement(f"class.field.{field}")
    if has_strange_signs(text):
        raise BadInput("class.form.signs", field=what)
    if is_blank(text):
        raise BadInput("class.form.blank", field=what)
    if len(text.strip()) > most:
        raise BadInput("class.form.too_long", field=what, most=most)
    return text.strip()


def comment_given(text: str) -> str:
    return "" if is_blank(text) else text_given(text, LONGEST_TEXT, field="comment")


def group_key(code: str, name: str, taken: Collection[str]) -> str:
    """What stands in the group's issues: its first name with the code, and a number where that was given before."""
    names = [f"{code}-{name}", *(f"{code}-{name}-{number}" for number in range(2, len(taken) + 3))]
    return next(key for key in names if key not in taken)


def check_points(case: Case, criterion: str, points: float) -> None:
    most = {line.code: line.points for line in case.rubric}.get(criterion, POINTS)
    if not math.isfinite(points) or not 0 <= points <= most:
        raise BadInput("class.form.points", most=most)


def check_confidence(confidence: float) -> None:
    if not math.isfinite(confidence) or not 0 <= confidence <= 1:
        raise BadInput("class.form.confidence")


def seen_by_member(klass: TrainingClass, hints_taken: int) -> TrainingClass:
    """The class without the words of the hints that the group has not taken; until the reveal also without what earns
    points, which says what is to be found, and without the case's code, by which anybody could make it again."""
    hints = tuple(hint if number < hints_taken else HIDDEN for number, hint in enumerate(klass.case.hints))
    case = replace(klass.case, hints=hints)
    if klass.revealed_at is None:
        bare = (replace(line, full=HIDDEN, half=HIDDEN, none=HIDDEN) for line in case.rubric)
        case = replace(case, code="", rubric=tuple(bare))
    return replace(klass, case=case)


def may_see_key(user: User, klass: TrainingClass, *, is_member: bool) -> bool:
    return may_teach(user) or (is_member and klass.revealed_at is not None)
