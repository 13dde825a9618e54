"""What is there to say of a meeting? Each slide in the words of the screen, once for all of its files. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from analysis.result import Result
from analysis.review import Facts, facts_of, result_of
from analysis.stats.intervals import SIGNIFICANCE
from data_access.taxonomy import Taxonomy
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingAction, MeetingNote, MeetingSlide
from data_access.workshop.records import Plan
from pages.words import alert_words, code_words, plan_words, selection_words
from pages.words.catalogue import Catalogue
from pages.words.deck.fonts import clean
from pages.words.format import is_missing, sentences, spaced
from pages.words.kept_names import verdict_of, words_of

Rows = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class MeetingTold:
    """A meeting as its reader may see it; actions: the plans that it made, oldest first; issues: titles by id.

    words: plain. link: where the meeting is opened again, empty on this machine alone.
    """

    meeting: Meeting
    slides: tuple[MeetingSlide, ...]
    words: Catalogue
    taxonomy: Taxonomy
    made: date
    notes: tuple[MeetingNote, ...] = ()
    actions: tuple[Plan, ...] = ()
    issues: Mapping[str, str] = field(default_factory=dict)
    link: str = ""

    @cached_property
    def shown(self) -> tuple[SlideTold, ...]:
        return tuple(SlideTold(self, slide) for slide in self.slides)

    def text(self, key: str, /, **values: Any) -> str:
        return spaced(self.words.text(key, **values))

    def show(self, value: Any, spec: str) -> str:
        return spaced(self.words.show(value, spec))

    def opens(self, code: str) -> str:
        """That a code opens these numbers again; nothing of a meeting that nobody keeps."""
        return self.text("meeting_file.opens", code=code) if self.meeting.code else ""

    def owner(self, plan: Plan) -> str:
        """Department and person of a plan."""
        named = code_words.label(self.words, self.taxonomy, "owner", plan.owner) if plan.owner else ""
        return clean(" · ".join(filter(None, [named, plan.person]))) or self.text("review.nobody")

    def day(self, day: date | None) -> str:
        return self.show(day, "date") if day else self.text("plan_register.no_date")


@dataclass(frozen=True)
class SlideTold:
    """One slide in words, with the names that were kept with it."""

    told: MeetingTold
    slide: MeetingSlide

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.slide)

    @cached_property
    def result(self) -> Result:
        return result_of(self.slide)

    @cached_property
    def words(self) -> Catalogue:
        return words_of(self.slide, self.told.words, self.told.taxonomy)

    @property
    def verdict(self) -> str:
        return verdict_of(self.slide, self.text)

    @property
    def code(self) -> str:
        """What opens this slide again; the number alone of a meeting that nobody keeps."""
        code = self.told.meeting.code
        return f"{code}-{self.slide.number}" if code else str(self.slide.number)

    @property
    def version(self) -> str:
        return self.facts.version or self.told.meeting.data_version

    def text(self, key: str, /, **values: Any) -> str:
        return spaced(self.words.text(key, **values))

    def show(self, value: Any, spec: str) -> str:
        return spaced(self.words.show(math.nan if value is None else value, spec, unit=self.facts.unit))

    def name(self, value: Any, dimension: str | None = None) -> str:
        return clean(spaced(self.words.show(value, "name", dimension=dimension)))

    def said(self) -> list[str]:
        """Each statement of the slide, a sentence each."""
        return [clean(spaced(self.words.recall(one))) for one in self.slide.statements]

    def label(self, field_: str, code: str) -> str:
        return clean(code_words.label(self.words, self.told.taxonomy, field_, code))

    def period(self) -> str:
        """Which days are held against which; nothing where a slide asked for none."""
        asked = self.slide.selection
        if own := alert_words.days(self.text, self.slide):
            return own
        if asked.period is None:
            return ""
        if asked.baseline is None:
            return self.show(asked.period, "period")
        return self.text("line.against", period=asked.period, baseline=asked.baseline)

    def title(self) -> str:
        """The message of the slide, as its screen has it."""
        made = TITLES.get(self.slide.kind)
        said = self.said()
        return clean(made(self)) if made else said[0] if said else self.text(f"review.agenda.{self.slide.step}")


def _headline(one: SlideTold) -> str:
    """The metric and how it moved; where it has no value, why."""
    s = one.slide.statistics
    if is_missing(s["score"]):
        return one.said()[0]
    values = {**s, "metric": {"dimension": one.slide.selection.metric}, "unit": one.facts.unit}
    if is_missing(s.get("change")):
        return one.text("review.headline", **values)
    if not s["p"] < SIGNIFICANCE:
        return one.text("review.headline_unclear", **values)
    return one.text("review.headline_fell" if s["change"] < 0 else "review.headline_rose", **values)


def _alerts(one: SlideTold) -> str:
    return alert_words.title(one.text, one.slide)


def _promises(one: SlideTold) -> str:
    late = sum(row["late"] > 0 for s in one.told.slides if s.kind == "promises" for row in s.rows)
    count = one.facts.more["count"]
    key = "review.no_promises" if not count else "review.promises_late" if late else "review.promises"
    return one.text(key, count=count, late=late)


def _verdict(one: SlideTold) -> str:
    gain = spaced(plan_words.gain(one.words, one.slide.statistics, one.facts.unit))
    return one.text("review.verdict", verdict=one.verdict, gain=gain, action=one.facts.more["action"])


def _actions(one: SlideTold) -> str:
    count = len(one.told.actions)
    return one.text("review.actions" if count else "review.no_actions", count=count)


TITLES: Mapping[str, Callable[[SlideTold], str]] = {
    "headline": _headline, "alerts": _alerts, "promises": _promises, "verdict": _verdict, "actions": _actions,
    "reopened": lambda one: one.text("review.reopened_title", action=one.facts.more["action"]),
    "chain": lambda one: str(one.facts.more["action"]),
}  # fmt: skip


def facts(told: MeetingTold) -> dict[str, str]:
    """What the meeting is about, who prepared it, and over which data."""
    meeting, first = told.meeting, told.shown[0]
    found = {
        told.text("meeting_file.title"): meeting.title,
        told.text("meeting_file.held"): told.day(meeting.held_on),
        told.text("meeting_file.prepared_by"): meeting.created_by,
        told.text("meeting_file.code"): meeting.code,
        told.text("form.fact.metric"): first.name({"dimension": meeting.selection.metric}),
        told.text("form.fact.period"): first.period(),
        told.text("form.fact.filters"): spaced(" · ".join(selection_words.filters(first.words, first.words,
                                                                                 meeting.selection))),
        told.text("fact.version"): meeting.data_version,
        told.text("fact.link"): told.link,
        told.text("deck.fact.made"): told.day(told.made),
    }  # fmt: skip
    return {name: clean(value) for name, value in found.items() if value}


def agenda_rows(told: MeetingTold) -> Rows:
    """A row a slide: its code, the item of the agenda, and its message with its number."""
    return [[one.code, told.text(f"review.agenda.{one.slide.step}"), one.title()] for one in told.shown
            if one.slide.step is not AgendaStep.ACTIONS]  # fmt: skip


def note_rows(told: MeetingTold) -> Rows:
    """What was said, by the slide it was said at."""
    titles = {one.slide.number: one for one in told.shown}
    return [[titles[note.number].code if note.number in titles else told.text("meeting_file.whole"),
             clean(note.text), clean(note.created_by)] for note in told.notes]  # fmt: skip


def action_rows(told: MeetingTold) -> Rows:
    """What is done, for which issue, by whom, by when, and how far it is."""
    return [[clean(plan.action), clean(told.issues.get(plan.issue_id, "")), told.owner(plan), told.day(plan.due),
             told.text(f"workshop.state.plan.{plan.state}")] for plan in told.actions]  # fmt: skip


def below(one: SlideTold) -> str:
    """What the further statements and the caveats say, in one paragraph."""
    caveats = [clean(spaced(one.words.recall(statement))) for statement in one.slide.caveats]
    return sentences([*one.said()[1:], *caveats])


def told_of(
    store: Any,
    user: Any,
    code: str,
    words: Catalogue,
    taxonomy: Taxonomy,
    *,
    link: str = "",
    made: date | None = None,
) -> MeetingTold:
    """A meeting of the store with all that was decided, by its id or code. Raises: as the store does."""
    meeting: Meeting = store.meeting(user, code)
    actions: Sequence[MeetingAction] = store.meeting_actions(user, meeting.id)
    plans = {plan.id: plan for plan in store.plans(user)}
    return MeetingTold(
        meeting=meeting, slides=store.slides(user, meeting.id), words=words, taxonomy=taxonomy,
        made=made or date.today(), notes=store.meeting_notes(user, meeting.id), link=link,
        actions=tuple(plans[one.plan_id] for one in actions if one.plan_id in plans),
        issues={issue.id: issue.title for issue in store.issues(user)},
    )  # fmt: skip
