"""What does an issue say in each column of the printed form? Its record, and the lines of every cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from data_access.metric_kinds import Unit
from pages.words.catalogue import Catalogue

_INDENT = "    "
Lines = Sequence[str]


@dataclass(frozen=True, kw_only=True)
class FormStep:
    """A step of the location; `kept` of the starting problem's loss and of all loss, 0..1, None where unknown."""

    label: str
    kept: float | None = None
    kept_of_all: float | None = None


@dataclass(frozen=True, kw_only=True)
class FormWhy:
    """A why of the deep trace: how deep it stands (1 first), and its level and status in words."""

    depth: int
    statement: str
    level: str
    status: str


@dataclass(frozen=True, kw_only=True)
class FormPlan:
    """A remedy, how it is checked and whether it worked, in words; its numbers unrounded, None where unknown.

    effect: promised, verified with its interval, and the verdict in one line, empty before there is one. promised is
    the gain of the whole, `gain` with its interval that of those it touched.
    """

    action: str
    owner: str = ""
    due: date | None = None
    target: str = ""
    check: str = ""
    state: str = ""
    effect: str = ""
    promised: float | None = None
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None
    verdict: str = ""
    data_version: str = ""


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """An issue as the form shows it: words in the reader's language, numbers unrounded, None where unknown.

    number: what the issue is called (TR-014); basis: why data do not show it, empty where they do; location_reason:
    why no path leads to it. unit: of score, change with its interval, and lost_points. n, lost_points and share (of
    everything lost, with its interval) are of the end of the path; score and change of `place`, empty where that is
    the end. filters: the selection in words.
    """

    number: str
    problem: str
    basis: str = ""
    metric: str = ""
    period: str = ""
    unit: Unit = Unit.POINTS
    score: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    lost_points: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    place: str = ""
    steps: tuple[FormStep, ...] = ()
    location_reason: str = ""
    whys: tuple[FormWhy, ...] = ()
    cause: str = ""
    cause_type: str = ""
    evidence: tuple[str, ...] = ()
    gap: str = ""
    system: str = ""
    power: str = ""
    owner: str = ""
    plans: tuple[FormPlan, ...] = ()
    verification: tuple[str, ...] = ()
    state: str = ""
    filters: str = ""
    data_version: str = ""
    link: str = ""

    @property
    def kept(self) -> float | None:
        """What the end of the location keeps of the starting problem's loss, 0..1."""
        return self.steps[-1].kept if self.steps else None

    @property
    def kept_of_all(self) -> float | None:
        return self.steps[-1].kept_of_all if self.steps else None


@dataclass(frozen=True)
class Column:
    """A column of the form: under which stage it stands, how wide it is in letters, and what it says of a row."""

    name: str
    stage: str
    wide: int
    said: Callable[[FormRow, Catalogue], Lines]


def _problem(row: FormRow, words: Catalogue) -> Lines:
    return [row.problem, words.text("form.basis", reason=row.basis)] if row.basis else [row.problem]


def _data(row: FormRow, words: Catalogue) -> Lines:
    """What the problem was in numbers; nothing that nobody measured."""
    said = [row.metric, row.period]
    if row.score is not None:
        score = words.show(row.score, "metric", unit=row.unit)
        said.append(words.text("form.score_of", place=row.place, score=score) if row.place else score)
    if row.change is not None:
        known = row.low is not None and row.high is not None
        said.append(words.text("form.change_between" if known else "form.change", change=row.change, low=row.low,
                               high=row.high, unit=row.unit))  # fmt: skip
    if row.lost_points is not None:
        lost = words.text("form.lost", lost=row.lost_points, unit=row.unit)
        end = row.steps[-1].label if row.place and row.steps else ""
        said.append(words.text("form.score_of", place=end, score=lost) if end else lost)
    if row.share is not None and row.steps:
        said.append(words.text("brief.share", share=row.share))
    if row.n is not None:
        said.append(words.text("chart.n", n=row.n))
    return said


def _location(row: FormRow, words: Catalogue) -> Lines:
    return [*(_step(number, step, words) for number, step in enumerate(row.steps, start=1)), row.location_reason]


def _step(number: int, step: FormStep, words: Catalogue) -> str:
    if step.kept is None:
        return f"{number}. {step.label}"
    key = "form.step" if step.kept_of_all is None else "form.step_of_all"
    told = words.text(key, label=step.label, kept=step.kept, all=step.kept_of_all)
    return f"{number}. {told}"


def _cause(row: FormRow, words: Catalogue) -> Lines:
    """The whys, each under the one it answers, and what they come to."""
    whys = [
        _INDENT * (why.depth - 1)
        + words.text("form.why", statement=why.statement, level=why.level, status=why.status)
        for why in row.whys
    ]
    cause = words.text("form.cause", cause=row.cause, kind=row.cause_type) if row.cause_type else row.cause
    return [*whys, cause]


def _evidence(row: FormRow, _: Catalogue) -> Lines:
    return [f"• {piece}" for piece in row.evidence]


def _remedy(row: FormRow, words: Catalogue) -> Lines:
    return [line for number, plan in enumerate(row.plans, start=1) for line in _plan(number, plan, words)]


def _plan(number: int, plan: FormPlan, words: Catalogue) -> Lines:
    due = words.text("form.due", due=plan.due) if plan.due else ""
    who = " · ".join(filter(None, [plan.owner, due, plan.state]))
    return [line for line in (f"{number}. {plan.action}", _INDENT + who, _INDENT + plan.target) if line.strip()]


def _checks(row: FormRow, _: Catalogue) -> Lines:
    checks = [f"{number}. {plan.check}" for number, plan in enumerate(row.plans, start=1) if plan.check]
    return [*checks, *row.verification]


def _effects(row: FormRow, _: Catalogue) -> Lines:
    return [f"{number}. {plan.effect}" for number, plan in enumerate(row.plans, start=1) if plan.effect]


COLUMNS = (
    Column("number", "", 12, lambda row, _: [row.number, row.state]),
    Column("problem", "data_problem", 22, _problem),
    Column("data", "data_problem", 25, _data),
    Column("location", "where", 30, _location),
    Column("cause", "why", 38, _cause),
    Column("evidence", "why", 36, _evidence),
    Column("gap", "why", 11, lambda row, _: [row.gap]),
    Column("system", "why", 13, lambda row, _: [row.system]),
    Column("power", "why", 13, lambda row, _: [row.power]),
    Column("owner", "why", 14, lambda row, _: [row.owner]),
    Column("remedy", "solution", 30, _remedy),
    Column("verification", "solution", 20, _checks),
    Column("effect", "solution", 22, _effects),
)
