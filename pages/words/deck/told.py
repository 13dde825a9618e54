"""What is there to say of an issue? Its records, what its data say, and the words for both. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from analysis.issue_results import IssueResults
from analysis.result import Result
from data_access.metric_kinds import Unit
from data_access.semantics import SemanticModel
from data_access.taxonomy import Taxonomy
from data_access.warehouse.rows import masked
from data_access.workshop.records import Plan, PlanState
from data_access.workshop.standing import Standing, standing
from data_access.workshop.tracing import Trace
from pages.words import code_words
from pages.words.catalogue import Catalogue
from pages.words.format import NameOf, spaced


@dataclass(frozen=True, kw_only=True)
class Told:
    """An issue as its reader may see it, what its data say, and the words for both.

    words: plain, with the names of the issue's data. model: of these data, None where they are not here. data: what
    the data set is called; klass: the class it was worked on in, with its group.
    """

    row: Trace
    results: IssueResults
    words: Catalogue
    taxonomy: Taxonomy
    model: SemanticModel | None = None
    data: str = ""
    klass: str = ""
    made: date

    @cached_property
    def unit(self) -> Unit:
        along = self.results.along
        return along.unit if along else self.unit_of(self.row.origin.selection.metric if self.row.origin else "")

    def text(self, key: str, /, **values: Any) -> str:
        return spaced(self.words.text(key, **values))

    def say(self, result: Result) -> list[str]:
        """What a result finds, a sentence each."""
        return [spaced(self.words.say(statement)) for statement in result.findings]

    def show(self, value: Any, spec: str) -> str:
        return spaced(self.words.show(value, spec, unit=self.unit))

    def unit_of(self, metric: str) -> Unit:
        """A metric that these data lack counts in points."""
        found = self.model.metrics.get(metric) if self.model else None
        return found.unit if found else Unit.POINTS

    def label(self, name: str, code: str) -> str:
        return code_words.label(self.words, self.taxonomy, name, code)

    @property
    def plans(self) -> tuple[Plan, ...]:
        return tuple(plan for plan in self.row.plans if plan.state is not PlanState.DROPPED)

    def standing_of(self, plan: Plan) -> Standing | None:
        return standing(plan, self.row.looks, self.row.rulings)


def without_people(names: NameOf, model: SemanticModel) -> NameOf:
    """Names of members, but for single agents and customers: these stand as their masked codes."""
    persons = {model.agent: "a", model.customer_id: "c"}
    hidden = {cut.name: persons[cut.column] for cut in model.cuts.values() if cut.column and cut.column in persons}

    def named(dimension: str | None, value: Any) -> str:
        if dimension in hidden:
            return str(masked(value, hidden[dimension]))
        return names(dimension, value)

    return named
