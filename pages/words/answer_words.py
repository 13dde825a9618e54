"""How is the answer of a group told beside others? Cause, place, evidence, gap, remedy, gain: a cell each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.training.scoring import Match
from data_access.metric_kinds import Unit
from data_access.taxonomy import Taxonomy
from data_access.training import Truth
from data_access.workshop.field_rules import NO_GAP
from data_access.workshop.records import Plan, PlanState
from data_access.workshop.rules import NO_REAL_CHANGE
from data_access.workshop.tracing import EvidenceKind, Trace
from pages.words import code_words, path_words, plan_words, selection_words
from pages.words.catalogue import Catalogue

ROWS = ("cause", "where", "evidence", "gap", "remedy", "lift")
PLANS_NAMED = 2


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and what is said of it in smaller letters."""

    text: str
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """What answers are told with: plain words over the data of the class, and the units of its metrics."""

    words: Catalogue
    taxonomy: Taxonomy
    unit_of: Callable[[str], Unit]

    def label(self, name: str, code: str) -> str:
        return code_words.label(self.words, self.taxonomy, name, code) if code else ""


def cells_of(speaker: Speaker, row: Trace | None, kept: float | None) -> Mapping[str, Cell]:
    """By the names of ROWS. kept: the share of everything lost that is left where the path ends, None if unknown."""
    nothing = Cell(speaker.words.text("format.none"))
    if row is None:
        return dict.fromkeys(ROWS, nothing)
    return {
        "cause": Cell(
            row.issue.cause or nothing.text, speaker.label("cause_type", row.issue.cause_type), strong=True
        ),
        "where": _where(speaker, row, kept) or nothing,
        "evidence": _evidence(speaker, row),
        "gap": _gap(speaker, row) or nothing,
        "remedy": _remedy(speaker, row) or nothing,
        "lift": _lift(speaker, row) or nothing,
    }


def match_key(match: Match, row: Trace | None, truth: Truth) -> str:
    """The text that says how an answer compares with the truth; a wrong one is wrong in one of three ways."""
    if match is not Match.WRONG:
        return f"desk.match.{match}"
    if truth.nothing:
        return "desk.match.nothing_there"
    says_nothing = row is not None and row.issue.cause_type == NO_REAL_CHANGE
    return f"desk.match.{'wrongly_nothing' if says_nothing else 'wrong'}"


def best_promise(row: Trace) -> Plan | None:
    """The plan that promises most: two plans for one segment do not add up."""
    promised = [plan for plan in row.plans if plan.expected_lift and plan.state is not PlanState.DROPPED]
    return max(promised, key=lambda plan: plan.expected_lift or 0.0, default=None)


def pieces_of(row: Trace) -> tuple[int, int]:
    """Pins, and what else was brought forward; a pin that was named for a why is not counted twice."""
    return len(row.pins), sum(piece.kind is not EvidenceKind.PIN for piece in row.evidence)


def _where(speaker: Speaker, row: Trace, kept: float | None) -> Cell | None:
    issue, words = row.issue, speaker.words
    if issue.cause_type == NO_REAL_CHANGE:
        return Cell(words.text("desk.says_nothing"), issue.location_reason)
    place = path_words.path(words, issue.path) or issue.location_reason
    note = words.text("desk.kept", share=kept) if kept is not None and issue.path else ""
    return Cell(place, note) if place else None


def _evidence(speaker: Speaker, row: Trace) -> Cell:
    pins, others = pieces_of(row)
    text = speaker.words.text("desk.pieces", count=pins + others)
    return Cell(text, speaker.words.text("desk.pieces_of", pins=pins, others=others))


def _gap(speaker: Speaker, row: Trace) -> Cell | None:
    if not row.issue.gap:
        return None
    system = "" if row.issue.gap == NO_GAP else speaker.label("system", row.issue.system)
    return Cell(speaker.label("gap", row.issue.gap), system)


def _remedy(speaker: Speaker, row: Trace) -> Cell | None:
    plans = [plan for plan in row.plans if plan.state is not PlanState.DROPPED]
    if not plans:
        return None
    further = len(plans) - PLANS_NAMED
    more = speaker.words.text("desk.more_plans", count=further) if further > 0 else ""
    return Cell(" · ".join(plan.action for plan in plans[:PLANS_NAMED]), more)


def _lift(speaker: Speaker, row: Trace) -> Cell | None:
    best = best_promise(row)
    if best is None:
        return None
    metric = selection_words.metric_name(speaker.words, best.target_metric)
    said = plan_words.lift(speaker.words, best.expected_lift, speaker.unit_of(best.target_metric))
    return Cell(said, speaker.words.text("desk.lift_of", metric=metric), strong=True)
