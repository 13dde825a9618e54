"""What did each group of a class come to? Its answer, its points by hand and by the product, its quiz and its bet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.issue_results import Ask, attempt
from analysis.result import Result
from analysis.trace import trace
from analysis.training.brier import brier
from analysis.training.scoring import Match, ProductScore, product_score
from data_access.statement import Problem
from data_access.taxonomy import Taxonomy
from data_access.training import Key
from data_access.training_file import load_quiz
from data_access.warehouse import Warehouse
from data_access.workshop.class_records import Group, Hint, Mark, Member, QuizAnswer, TrainingClass
from data_access.workshop.tracing import Trace

RIGHT = frozenset({Match.EXACT, Match.RIGHTLY_NOTHING})


@dataclass(frozen=True, kw_only=True)
class GroupResult:
    """A group at the end of a class. `answer`: its issue; `along`: the loss along its path; `marks` by criterion.

    quiz_right of quiz_asked columns were named rightly at the first attempt. match and brier (of a bet) only once
    the key was revealed; None without an answer or without the data.
    """

    group: Group
    people: int = 0
    answer: Trace | None = None
    along: Result | None = None
    product: ProductScore | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    hints: int = 0
    quiz_right: int = 0
    quiz_asked: int = 0
    match: Match | None = None
    brier: float | None = None


@dataclass(frozen=True, kw_only=True)
class ClassResults:
    """A class with its groups; `key` is None until it was revealed."""

    klass: TrainingClass
    groups: tuple[GroupResult, ...]
    key: Key | None = None


@dataclass(frozen=True, kw_only=True)
class ClassRecords:
    """All that the store knows of a class, as its teacher may see it."""

    klass: TrainingClass
    key: Key
    groups: Sequence[Group]
    members: Sequence[Member]
    traces: Sequence[Trace]
    hints: Sequence[Hint]
    quiz: Sequence[QuizAnswer]
    marks: Sequence[Mark]


def class_results(
    records: ClassRecords, warehouse: Warehouse | None, taxonomy: Taxonomy, ask: Callable[[Trace], Ask]
) -> ClassResults:
    """What every group came to. warehouse: the frozen data, None where they are away; ask: over those of an issue."""
    answers = answers_of(records.groups, records.traces)
    hints, quiz = Counter(hint.group for hint in records.hints), quiz_of(records.members, records.quiz)
    found = []
    for group in records.groups:
        row, right_of = answers.get(group.key), quiz.get(group.key, (0, 0))
        product = _scored(records, row, hints[group.key], warehouse, taxonomy)
        match = product.match if product and records.klass.revealed_at else None
        found.append(GroupResult(
            group=group,
            people=sum(member.group == group.key for member in records.members),
            answer=row,
            along=attempt(ask(row), trace, path=row.issue.path) if row and row.origin and warehouse else None,
            product=product,
            marks={mark.criterion: mark for mark in records.marks if mark.group == group.key},
            hints=hints[group.key],
            quiz_right=right_of[0],
            quiz_asked=right_of[1],
            match=match,
            brier=brier(group.bet, match in RIGHT) if match is not None and group.bet is not None else None,
        ))  # fmt: skip
    key = records.key if records.klass.revealed_at else None
    return ClassResults(klass=records.klass, groups=tuple(found), key=key)


def answers_of(groups: Sequence[Group], traces: Sequence[Trace]) -> dict[str, Trace]:
    """The issue of each group: the one that it chose for its answer, else the one that it changed last."""
    found: dict[str, Trace] = {}
    for group in groups:
        own = [row for row in traces if row.issue.group == group.key]
        chosen = [row for row in own if row.issue.id == group.answer]
        if own:
            found[group.key] = (chosen or own)[0]
    return found


def quiz_of(members: Sequence[Member], answers: Sequence[QuizAnswer]) -> Mapping[str, tuple[int, int]]:
    """By group: how many columns its members named rightly at the first attempt, and how many they were asked."""
    levels = {question.code: question.level for question in load_quiz()}
    groups = {member.user_id: member.group for member in members}
    first: dict[tuple[str, str], QuizAnswer] = {}
    for answer in sorted(answers, key=lambda one: str(one.created_at)):
        first.setdefault((answer.user_id, answer.question), answer)
    right, asked = Counter[str](), Counter[str]()
    for answer in first.values():
        group = groups.get(answer.user_id, "")
        asked[group] += 1
        right[group] += levels.get(answer.question) == answer.level
    return {group: (right[group], asked[group]) for group in asked}


def _scored(
    records: ClassRecords, row: Trace | None, hints: int, warehouse: Warehouse | None, taxonomy: Taxonomy
) -> ProductScore | None:
    if row is None or warehouse is None:
        return None
    try:
        return product_score(warehouse, row, records.key, taxonomy=taxonomy, hints=hints,
                             rubric=records.klass.case.rubric)  # fmt: skip
    except Problem:
        return None
