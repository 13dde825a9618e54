"""An example is made as a person makes an issue: asked, pinned, traced, explained and planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.methods import analysis_of
from analysis.result import Result
from analysis.trace import trace
from data_access.access import Role, User
from data_access.taxonomy_entries import Remedy
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import Confidence, Issue, IssueState, Pin, Plan, Why, WhyStatus
from data_access.workshop.store import Store
from data_access.workshop.tracing import DATASET, Evidence, EvidenceKind, Stance
from pages.frame.context import Context
from pages.record import issue_data
from pages.record.examples.recipes import Ask, Recipe
from pages.record.plan import draft
from pages.record.plan import lift as lifts

MAKER = User(id="satrace", name="Satrace", roles=frozenset({Role.ANALYST}))
Tell = Callable[[float], object]


@dataclass(frozen=True)
class Maker:
    """Makes the example of a recipe in a store of its own, in the words of the context."""

    over: Context
    store: Store
    name: str
    recipe: Recipe

    def make(self, tell: Tell) -> Issue:
        """`tell` is given the share that is done."""
        answers, asks = list[Result](), self.recipe.asks
        for ask in asks:
            tell(len(answers) / (len(asks) + 1))
            answers.append(answer_of(self.over, self.recipe, ask))
        pins = [pin_of(self.over, answer) for answer in answers]
        issue = self.store.begin(MAKER, self._text("title"), pins[0], ())
        origin, *_ = self.store.pins(MAKER, issue.id)
        pinned = [origin, *(self.store.pin(MAKER, issue.id, pin) for pin in pins[1:])]
        issue = self.store.save_issue(MAKER, replace(issue, path=self.recipe.path))
        self._whys(issue, pinned, answers)
        return self._decide(self._diagnose(issue))

    def _text(self, part: str) -> str:
        return self.over.plain.text(f"example.{self.name}.{part}")

    def _whys(self, issue: Issue, pins: list[Pin], answers: list[Result]) -> None:
        """Each why with what it stands on; the obvious guess with what speaks against it."""
        made = {"": ""}
        for name, step in self.recipe.whys.items():
            why = self.store.save_why(MAKER, Why(
                issue_id=issue.id, statement=self._text(f"why.{name}"), level=step.level, parent_id=made[step.above],
                confidence=Confidence.MEDIUM if step.refuted else Confidence.HIGH,
            ))  # fmt: skip
            made[name] = why.id
            stance = Stance.REFUTES if step.refuted else Stance.SUPPORTS
            about: dict[str, Any] = {"issue_id": issue.id, "why_id": why.id, "stance": stance}
            for place in step.stands_on:
                self.store.add_evidence(MAKER, Evidence(**about, kind=EvidenceKind.PIN, pin_id=pins[place].id))
            if step.event:
                told = _event(answers[step.stands_on[0]], self.over.words.language)
                self.store.add_evidence(MAKER, Evidence(**about, kind=EvidenceKind.RULE, **told))
            status = WhyStatus.REFUTED if step.refuted else WhyStatus.SUPPORTED
            self.store.save_why(MAKER, replace(why, status=status))

    def _diagnose(self, issue: Issue) -> Issue:
        r = self.recipe
        known = replace(issue, cause=self._text("cause"), cause_type=r.cause_type, gap=r.gap, system=r.system,
                        power=r.power, owner=r.owner)  # fmt: skip
        return self.store.save_issue(MAKER, replace(known, state=IssueState.DIAGNOSED))

    def _decide(self, issue: Issue) -> Issue:
        """A remedy, or the end where nothing really changed."""
        if not self.recipe.remedy:
            return self.store.save_issue(MAKER, replace(issue, state=IssueState.CLOSED))
        self.store.save_plan(MAKER, self._plan(issue))
        return self.store.save_issue(MAKER, replace(issue, state=IssueState.PLANNED))

    def _plan(self, issue: Issue) -> Plan:
        """The plan that the product proposes here, with a remedy of the library and its check."""
        remedy = self.over.taxonomy.entry("remedy", self.recipe.remedy)
        assert isinstance(remedy, Remedy)
        (row,) = self.store.traces(MAKER, issue.id)
        over = issue_data.over(self.over, row)
        plan = draft.drafted(self.over, over, row, lifts.offered(self.over, over, row))
        plan = replace(plan, action=self._text("action"), remedy=remedy.code, action_type=remedy.action_type,
                       check_method=remedy.comparison)  # fmt: skip
        return self._aimed(over, plan) if over is not None and self.recipe.like_siblings else plan

    def _aimed(self, over: Context, plan: Plan) -> Plan:
        segment = lifts.of_path(over, self.recipe.path)
        assert segment is not None
        target = round(siblings(over.run(trace, path=self.recipe.path).table, segment.metric.best), 1)
        return replace(plan, segment=segment.where, target_metric=segment.metric.name, target_value=target,
                       expected_lift=round(segment.lift(target), 2))  # fmt: skip


def answer_of(over: Context, recipe: Recipe, ask: Ask) -> Result:
    """What the product answers to one of a recipe's questions."""
    return over.run(analysis_of(ask.method), recipe.selection(ask.where), **ask.options)


def pin_of(over: Context, result: Result) -> Pin:
    """An answer as evidence; its page is found by its question, not by an address."""
    return Pin(method=result.method, selection=result.selection, data_version=result.data_version,
               options={**result.options, DATASET: over.dataset}, statements=result.findings,
               statistics=dict(result.statistics), rows=headline_rows(result.table), sql=result.sql)  # fmt: skip


def siblings(steps: pd.DataFrame, best: float) -> float:
    """What the others of the last but one step reach: its answers without those of the last.

    >>> siblings(pd.DataFrame({"lost_points": [9.0, 3.0], "share": [0.5, 0.1]}), 100.0)
    85.0
    """
    above, end = (steps.iloc[place] for place in (-2, -1))
    return float(best - (above["lost_points"] - end["lost_points"]) / (above["share"] - end["share"]))


def _event(answer: Result, language: str) -> dict[str, Any]:
    """The event that the calendar holds and the data point to."""
    first = answer.table.iloc[0]
    label = first["label_zh" if language.startswith("zh") else "label_en"]
    return {"rule_id": str(first["id"]), "effective": first["date"], "text": str(label)}
