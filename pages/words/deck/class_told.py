"""Each part of the report on a class in words and rows, once for its slides and its workbook. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from analysis.training.class_results import RIGHT, ClassResults, GroupResult
from analysis.training.scoring import hint_cost
from data_access.training import Key, Words
from pages.words import answer_words, path_words
from pages.words.answer_words import Cell, Speaker
from pages.words.deck.fonts import clean
from pages.words.format import spaced

CODED = ("gap", "system", "power", "cause_type")
Rows = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class ClassTold:
    """What a class came to, and the words over its frozen data."""

    results: ClassResults
    speaker: Speaker
    made: date

    def text(self, key: str, /, **values: Any) -> str:
        return spaced(self.speaker.words.text(key, **values))

    def show(self, value: Any, spec: str) -> str:
        return spaced(self.speaker.words.show(value, spec))

    def said(self, words: Words) -> str:
        return clean(words.said(self.speaker.words.language))

    @cached_property
    def worth(self) -> Mapping[str, int]:
        """Points of each criterion of the rubric."""
        return {criterion.code: criterion.points for criterion in self.results.klass.case.rubric}

    @property
    def groups(self) -> Sequence[GroupResult]:
        return self.results.groups

    @property
    def names(self) -> list[str]:
        return [clean(one.group.name) for one in self.groups]


def facts(told: ClassTold) -> dict[str, str]:
    """Which class, on which case and data, how far."""
    klass = told.results.klass
    begun = "running" if klass.stage else "waiting"
    state = "ended" if klass.ended_at else "revealed" if klass.revealed_at else begun
    return {
        told.text("class_report.case"): told.said(klass.case.title),
        told.text("class_report.state"): told.text(f"desk.state.{state}"),
        told.text("class_report.people"): told.show(sum(one.people for one in told.groups), "count"),
        told.text("fact.version"): klass.data_version,
        told.text("deck.fact.made"): told.show(told.made, "date"),
    }


def beside(told: ClassTold) -> dict[str, list[Cell]]:
    """By the names of the rows, a cell for each group."""
    columns = [answer_words.cells_of(told.speaker, one.answer, kept_of(one)) for one in told.groups]
    return {name: [_spaced(column[name]) for column in columns] for name in answer_words.ROWS}


def _spaced(cell: Cell) -> Cell:
    return replace(cell, text=spaced(cell.text), note=spaced(cell.note))


def kept_of(one: GroupResult) -> float | None:
    """The share of everything lost that is left where the path of a group ends."""
    found = one.along.statistics["kept_of_all"] if one.along and one.answer and one.answer.issue.path else None
    return None if found is None or found != found else float(found)


def by_hand(told: ClassTold, one: GroupResult) -> list[float | None]:
    """Points of each criterion as the instructor gave them."""
    return [one.marks[code].points if code in one.marks else None for code in told.worth]


def by_product(told: ClassTold, one: GroupResult) -> list[float | None]:
    return [getattr(one.product, code) if one.product else None for code in told.worth]


def total(points: Sequence[float | None], cost: float) -> float | None:
    """All points less the hints, never below 0; None while a criterion is not judged."""
    known = [value for value in points if value is not None]
    return max(0.0, sum(known) - cost) if known and len(known) == len(points) else None


def score_rows(told: ClassTold) -> Rows:
    """A row a group: each criterion by hand beside the product's points, the hints, and both totals."""
    found = []
    for name, one in zip(told.names, told.groups, strict=True):
        hand, product, cost = by_hand(told, one), by_product(told, one), cost_of(one)
        both = [f"{told.show(given, 'number')} ({told.show(own, 'number')})"
                for given, own in zip(hand, product, strict=True)]  # fmt: skip
        hints = told.text("class_report.hints_of", hints=one.hints, cost=cost) if one.hints else "0"
        found.append([name, *both, hints,
                      told.show(total(hand, cost), "number"), told.show(total(product, cost), "number")])  # fmt: skip
    return found


def cost_of(one: GroupResult) -> float:
    return hint_cost(one.hints)


def quiz_share(one: GroupResult) -> float | None:
    return one.quiz_right / one.quiz_asked if one.quiz_asked else None


def bet_rows(told: ClassTold) -> Rows:
    """A row a group: its bet, whether it was right, and its Brier score, the best first; then those without a bet."""
    order = sorted(zip(told.names, told.groups, strict=True), key=lambda pair: (pair[1].brier is None,
                                                                                pair[1].brier or 0.0))  # fmt: skip
    return [
        [name, told.show(one.group.bet, "share"), _right(told, one), told.show(one.brier, "factor")]
        for name, one in order
    ]


def _right(told: ClassTold, one: GroupResult) -> str:
    if one.match is None:
        return told.text("format.none")
    return told.text("desk.yes" if one.match in RIGHT else "desk.no")


def match_rows(told: ClassTold) -> Rows:
    """A row a group: where it looked, and how that lies to the truth."""
    where, key = [cell.text for cell in beside(told)["where"]], told.results.key
    return [
        [
            name,
            place,
            told.text(
                answer_words.match_key(one.match, one.answer, key.truth) if one.match and key else "format.none"
            ),
        ]
        for name, place, one in zip(told.names, where, told.groups, strict=True)
    ]


def planted(told: ClassTold, key: Key) -> str:
    """What lies behind the data, and where."""
    truth = key.truth
    kind = told.text(f"desk.kind.{truth.kind}") if truth.kind else ""
    if truth.nothing or not truth.segment:
        return told.text("desk.planted_nothing", kind=kind) if kind else told.text("desk.is_nothing")
    place = spaced(path_words.path(told.speaker.words, truth.segment))
    return told.text("desk.planted", kind=kind, place=place) if kind else place


def reference_rows(told: ClassTold, key: Key) -> Rows:
    """The parts of the reference that its author filled in."""
    reference, found = key.reference, list[list[str]]()
    for name in ("problem", "location"):
        found.append([told.text(f"desk.reference_part.{name}"), told.said(getattr(reference, name))])
    for name in CODED:
        why = told.said(reference.gap_why) if name == "gap" else ""
        label = told.speaker.label(name, getattr(reference, name))
        found.append([told.text(f"workshop.field.{name}"), " — ".join(filter(None, [label, why]))])
    remedies = " · ".join(told.speaker.label("remedy", code) for code in reference.remedies)
    found.append([told.text("desk.reference_part.remedies"), remedies])
    for name in ("lift", "check"):
        found.append([told.text(f"desk.reference_part.{name}"), told.said(getattr(reference, name))])
    return [row for row in found if row[1]]


def chain_rows(told: ClassTold, key: Key) -> Rows:
    return [[str(number), told.said(link.why), told.said(link.evidence)]
            for number, link in enumerate(key.reference.chain, start=1) if told.said(link.why)]  # fmt: skip


def tradeoff_rows(told: ClassTold, key: Key) -> Rows:
    return [[told.said(one.option), told.said(one.gain), told.said(one.cost)] for one in key.tradeoffs]


def comment_rows(told: ClassTold) -> Rows:
    """What the instructor wrote beside the points."""
    return [
        [name, told.text(f"desk.criterion.{code}"), told.show(one.marks[code].points, "number"),
         clean(one.marks[code].comment)]
        for name, one in zip(told.names, told.groups, strict=True)
        for code in told.worth if code in one.marks and one.marks[code].comment.strip()
    ]  # fmt: skip
