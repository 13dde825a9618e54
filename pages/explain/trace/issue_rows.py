"""An issue as a row of the table: what stands in each column, in the reader's words, with its numbers unrounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from analysis.result import Result
from data_access.statement import Problem
from data_access.workshop.records import Basis, Issue, Pin, Plan, PlanState
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance, Trace
from pages.explain.trace.form_columns import FormPlan, FormRow, FormStep, FormWhy
from pages.frame.context import Context, Frame
from pages.record import issue_link, pinned_evidence, trace_numbers
from pages.record import record_words as say
from pages.record.plan import table as plan_table
from pages.record.plan import verdicts
from pages.words import path_words, why_tree
from pages.words.format import is_missing


@dataclass(frozen=True)
class Line:
    """An issue with what the table says of it."""

    trace: Trace
    row: FormRow


def row_of(here: Frame, trace_: Trace, number: str) -> FormRow:
    """Everything an issue holds. Of what its data say only the way stays where they are not here."""
    issue = trace_.issue
    there, along = trace_numbers.along(here, trace_)
    row = FormRow(
        number=number,
        problem=issue.title,
        basis=basis_of(here, trace_),
        steps=tuple(_steps(there or here, trace_, along)) if trace_.origin is not None else (),
        location_reason=issue.location_reason,
        whys=tuple(_whys(here, trace_)),
        cause=issue.cause,
        cause_type=_coded(here, "cause_type", issue.cause_type),
        evidence=tuple(_evidence(here, trace_)),
        gap=_coded(here, "gap", issue.gap),
        system=_coded(here, "system", issue.system),
        power=_coded(here, "power", issue.power),
        owner=_answerable(here, issue),
        plans=tuple(
            _plan(there or here, trace_, plan) for plan in trace_.plans if plan.state is not PlanState.DROPPED
        ),
        state=here.plain.text(f"workshop.state.issue.{issue.state}"),
        filters=_asked(there, trace_),
        data_version=issue.data_version,
        link=issue_link.link_of(here, trace_),
    )
    return row if there is None or along is None else _measured(row, trace_, there, along)


def number_of(place: int) -> str:
    """What an issue is called in a meeting: its place in the order in which they were opened.

    >>> number_of(14)
    'TR-014'
    """
    return f"TR-{place:03d}"


def basis_of(here: Frame, row: Trace) -> str:
    """Why it is traced although data do not show it; empty where they do."""
    issue = row.issue
    if issue.basis is Basis.DATA:
        return ""
    return here.plain.text("trace_page.because", basis=here.plain.text(f"workshop.basis.{issue.basis}"),
                           reason=issue.basis_reason)  # fmt: skip


def _measured(row: FormRow, trace_: Trace, there: Context, result: Result) -> FormRow:
    """The row with what it comes to; the place of its score is named where the path goes on to a reason."""
    found, path = trace_numbers.numbers_of(there, trace_, result), trace_.issue.path
    named = 0 < found.placed < len(path)
    return replace(
        row,
        metric=there.names.of_dimension(result.metric),
        period=there.plain.show(result.selection.period, "period"),
        unit=result.unit,
        place=path_words.path(there.plain, path[: found.placed]) if named else "",
        **{f.name: getattr(found, f.name) for f in fields(found) if f.name != "placed"},
    )


def _known(value: float | None) -> float | None:
    return None if is_missing(value) else value


def _steps(there: Frame, row: Trace, result: Result | None) -> Iterator[FormStep]:
    numbers_ = {} if result is None else {r["step"]: r for r in result.table.to_dict("records")}
    for place, part in enumerate(row.issue.path, start=1):
        step = numbers_.get(place, {})
        yield FormStep(
            label=path_words.step(there.plain, part),
            kept=_known(step.get("kept")),
            kept_of_all=_known(step.get("kept_of_all")),
        )


def _whys(here: Frame, row: Trace) -> Iterator[FormWhy]:
    for depth, why in why_tree.in_order(row.whys):
        yield FormWhy(depth=depth + 1, statement=why.statement, level=here.plain.text(f"workshop.level.{why.level}"),
                      status=here.plain.text(f"workshop.status.{why.status}"))  # fmt: skip


def _evidence(here: Frame, row: Trace) -> Iterator[str]:
    """What was pinned, then what else speaks for or against a why."""
    for pin in row.pins:
        yield said_by(here, pin)
    yield from pieces_of(here, row)


def beside_headline(here: Frame, row: Trace) -> Iterator[str]:
    """The evidence without what the data problem itself says: it is told by its numbers."""
    for pin in row.pins:
        if pin.id != row.issue.origin:
            yield said_by(here, pin)
    yield from pieces_of(here, row)


def pieces_of(here: Frame, row: Trace) -> Iterator[str]:
    """Each piece of evidence that is no pin, in a line."""
    for piece in row.evidence:
        if piece.kind is not EvidenceKind.PIN:
            yield piece_of(here, piece)


def said_by(here: Frame, pin: Pin) -> str:
    """The first finding of a pin, in words over its own data where they are here."""
    try:
        words = pinned_evidence.over(here, pin).plain
    except Problem:
        words = here.plain
    return words.recall(pin.statements[0]) if pin.statements else say.method(here, pin)


def piece_of(here: Frame, piece: Evidence) -> str:
    """A piece of evidence in a line."""
    kind = here.plain.text(f"workshop.evidence_kind.{piece.kind}")
    named = [piece.rule_id, ", ".join(piece.contacts[:5]), piece.text]
    against = "" if piece.stance is Stance.SUPPORTS else f"{here.plain.text('workshop.stance.refutes')}: "
    return f"{against}{kind} {' '.join(filter(None, named))}"


def _plan(here: Frame, row: Trace, plan: Plan) -> FormPlan:
    judged = verdicts.of(row, plan)
    found = judged.look.statistics if judged and judged.look else {}
    return FormPlan(
        action=plan.action,
        owner=_answerable(here, plan),
        due=plan.due,
        target=plan_table.target_in_words(here, plan),
        check=_coded(here, "check_method", plan.check_method),
        state=here.plain.text(f"workshop.state.plan.{plan.state}"),
        effect=verdicts.line(here, plan, judged),
        promised=plan.expected_lift,
        verdict=verdicts.verdict(here, judged) if judged else "",
        data_version=judged.look.data_version if judged and judged.look else "",
        **{name: _known(found.get(name)) for name in ("gain", "gain_low", "gain_high")},
    )


def _answerable(here: Frame, record: Issue | Plan) -> str:
    return say.answerable(here, record) if record.owner or record.person else ""


def _coded(here: Frame, name: str, code: str) -> str:
    return say.label(here, name, code) if code else ""


def _asked(there: Context | None, row: Trace) -> str:
    if there is None:
        return ""
    return path_words.path(there.plain, row.issue.path)
