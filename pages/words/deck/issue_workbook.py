"""An issue as a workbook: its numbers unrounded, its filters and data version, counts and sums as formulas. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from data_access.workshop.records import Plan
from data_access.workshop.standing import Standing
from data_access.workshop.tracing import Stance
from pages.words import path_words, plan_rows, plan_words, selection_words
from pages.words.deck import told_rows as parts
from pages.words.deck.fonts import clean
from pages.words.deck.told import Told
from pages.words.format import is_missing, spaced
from pages.words.tables import exported
from pages.words.writers.effect_weeks import Course, EffectWeeks, weeks_of
from pages.words.writers.spreadsheet import Formula, sheet_names, to_excel
from pages.words.writers.workbook import Styles

GAINS = ("gain", "gain_low", "gain_high")


def issue_workbook(told: Told) -> bytes:
    """The .xlsx: what it is about, then a sheet for each part of the trace."""
    sheets = {"where": _where(told), "when": _when(told), "whys": _whys(told), "evidence": _evidence(told),
              "kind": _kind(told), "plans": _plans(told), "effects": _effects(told), "how": _how(told)}  # fmt: skip
    named = {told.text(f"deck.sheet.{name}"): table for name, table in sheets.items() if table is not None}
    courses = _courses(told)

    def weeks(book: Workbook, styles: Styles) -> None:
        EffectWeeks(book, courses, told.words).write({**styles, "count": styles["integer"]}, drawn=True)

    return to_excel(
        named, facts=_facts(told), title=told.text("deck.sheet.issue"), further=weeks if courses else None
    )


def _facts(told: Told) -> dict[str, str]:
    """What it is about, whose it is, and from which data."""
    issue = told.row.issue
    found = {
        told.text("workshop.field.title"): issue.title,
        told.text("workshop.stage.data_problem"): parts.problem(told),
        told.text("workshop.field.path"): spaced(path_words.path(told.words, issue.path)) or issue.location_reason,
        told.text("workshop.field.cause"): issue.cause,
        **parts.cover_facts(told),
        told.text("workshop.field.notes"): issue.notes,
    }
    return {name: clean(value) for name, value in found.items() if value}


def _where(told: Told) -> pd.DataFrame | None:
    """As the page exports it."""
    along = told.results.along
    return exported(along, told.words).map(_plain) if along is not None else None


def _when(told: Told) -> pd.DataFrame | None:
    """The course with its interval and answers, a row a day or week."""
    course = told.results.course
    if course is None:
        return None
    heads = {"start": told.text("deck.column.start"), "n": told.text("deck.head.n"),
             "score": told.text("deck.series.value"), "low": told.text("deck.series.low"),
             "high": told.text("deck.series.high")}  # fmt: skip
    return course.table[list(heads)].rename(columns=heads)


def _whys(told: Told) -> pd.DataFrame | None:
    """The tree of whys; how much speaks for and against each is counted in the sheet of evidence."""
    rows = [_why(told, place, depth, why) for place, (depth, why, _) in enumerate(parts.why_lines(told), start=2)]
    heads = ("number", "depth", "statement", "level", "status", "confidence", "supports", "refutes")
    return _table(told, heads, rows) if rows else None


def _why(told: Told, row: int, depth: int, why: Any) -> list[Any]:
    sheet, stances = (
        told.text("deck.sheet.evidence"),
        dict(zip(Stance, (_stance(told, s) for s in Stance), strict=True)),
    )
    (sheet,) = sheet_names([sheet])
    counts = []
    for stance, word in stances.items():
        found = sum(piece.why_id == why.id and piece.stance is stance for piece in told.row.evidence)
        text = f"=COUNTIFS('{sheet}'!$A:$A,A{row},'{sheet}'!$D:$D,\"{word}\")"
        counts.append(Formula(text, found))
    return [row - 1, depth + 1, clean(why.statement), told.text(f"workshop.level.{why.level}"),
            told.text(f"workshop.status.{why.status}"), told.text(f"workshop.confidence.{why.confidence}"),
            *counts]  # fmt: skip


def _stance(told: Told, stance: Stance) -> str:
    return told.text(f"workshop.stance.{stance}")


def _evidence(told: Told) -> pd.DataFrame:
    """A row a piece, with the number of the why it speaks for or against."""
    numbers = {why.id: place for place, (_, why, _) in enumerate(parts.why_lines(told), start=1)}
    of_pieces = [numbers.get(piece.why_id) for piece in told.row.evidence]
    rows = parts.evidence_rows(told)
    of_pieces += [None] * (len(rows) - len(of_pieces))
    found = [[number, *map(clean, row)] for number, row in zip(of_pieces, rows, strict=True)]
    return _table(told, ("number", "why", "kind", "stance", "says"), found)


def _kind(told: Told) -> pd.DataFrame:
    return _table(told, ("field", "chosen", "test"), [[clean(text) for text in row] for row in parts.kind_rows(told)])


def _plans(told: Told) -> pd.DataFrame | None:
    """A row a plan, unrounded; the promised gains are added up below them."""
    rows = [_plan(told, plan) for plan in told.plans]
    if not rows:
        return None
    fields = ("action", "owner", "due", "state", "segment", "target_metric", "target_value", "expected_lift",
              "check_method", "start", "check_on")  # fmt: skip
    lifts = [plan.expected_lift for plan in told.plans if plan.expected_lift is not None]
    column = fields.index("expected_lift")
    if len(lifts) > 1 and len({plan.target_metric for plan in told.plans if plan.expected_lift is not None}) == 1:
        name = xl_col_to_name(column)
        total: list[Any] = [None] * (len(fields) + 1)
        total[0], total[column] = (
            told.text("deck.column.total"),
            Formula(f"=SUM({name}2:{name}{len(rows) + 1})", sum(lifts)),
        )
        rows.append(total)
    heads = [*(told.text(f"workshop.field.{name}") for name in fields), told.text("deck.head.lacks")]
    return pd.DataFrame(rows, columns=heads, dtype=object)


def _plan(told: Told, plan: Plan) -> list[Any]:
    metric = selection_words.metric_name(told.words, plan.target_metric) if plan.target_metric else ""
    return [
        clean(plan.action), clean(plan_rows.owner_in_words(plan, told.words, told.taxonomy)), plan.due,
        told.text(f"workshop.state.plan.{plan.state}"), spaced(path_words.path(told.words, plan.segment)), metric,
        plan.target_value, plan.expected_lift, told.label("check_method", plan.check_method) if plan.check_method
        else "", plan.start, plan.check_on, parts.lacking(told, plan),
    ]  # fmt: skip


def _effects(told: Told) -> pd.DataFrame | None:
    """What was promised and what was found, of each plan that was looked at."""
    judged = [(plan, found) for plan in told.plans if (found := told.standing_of(plan)) is not None]
    rows = [_effect(told, plan, found) for plan, found in judged]
    names = ("action", "promised", *GAINS, "verdict", "data_version")
    heads = [told.text(f"form.fact.{name}") for name in names]
    return pd.DataFrame(rows, columns=heads, dtype=object) if rows else None


def _effect(told: Told, plan: Plan, judged: Standing) -> list[Any]:
    found: Mapping[str, Any] = judged.look.statistics if judged.look else {}
    return [clean(plan.action), plan.expected_lift, *(found.get(name) for name in GAINS),
            plan_rows.verdict_in_words(judged, told.words),
            judged.look.data_version if judged.look else ""]  # fmt: skip


def _courses(told: Told) -> dict[str, Course]:
    """The weeks of each plan that was looked at."""
    found: dict[str, Course] = {}
    for plan in told.plans:
        judged = told.standing_of(plan)
        if judged and judged.look and judged.look.rows and plan.start:
            gain = plan_words.gain(told.words, judged.look.statistics, told.unit_of(plan.target_metric))
            effect = f"{plan_rows.verdict_in_words(judged, told.words)} · {spaced(gain)}"
            found[plan.id] = Course(number=str(len(found) + 1), action=clean(plan.action), effect=effect,
                                    start=plan.start, weeks=tuple(weeks_of(judged.look)))  # fmt: skip
    return found


def _how(told: Told) -> pd.DataFrame:
    """How each number came about, and the statements that were run for them."""
    rows = [[name, clean(said)] for name, said in parts.how_rows(told)]
    results = (told.results.along, told.results.course, told.results.causes)
    asked = dict.fromkeys(sql for result in results if result is not None for sql in result.sql)
    rows += [[told.text("how.sql"), " ".join(sql.split())] for sql in asked]
    return _table(told, ("what", "how"), rows)


def _table(told: Told, names: tuple[str, ...], rows: list[list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[_head(told, name) for name in names], dtype=object)


def _head(told: Told, name: str) -> str:
    """What a column is called: in these files, else as the field of a record."""
    places = (f"deck.column.{name}", f"deck.head.{name}", f"workshop.field.{name}")
    return told.text(next(place for place in places if told.words.has(place)))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return None if is_missing(value) else value
