"""A slide on the wall as a value: the meeting, its words with the names that were kept, what it is drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import plotly.graph_objects as go

from analysis.result import Result
from analysis.review import Facts, facts_of, result_of
from data_access.statement import Statement
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingSlide
from pages.charts import Look
from pages.charts.look import WALL
from pages.frame import wall
from pages.frame.context import Frame
from pages.words import code_words
from pages.words.catalogue import Catalogue
from pages.words.kept_names import words_of


@dataclass(frozen=True)
class Seen:
    """One slide of a meeting before one reader."""

    here: Frame
    meeting: Meeting
    slides: tuple[MeetingSlide, ...]
    slide: MeetingSlide

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.slide)

    @cached_property
    def result(self) -> Result:
        return result_of(self.slide)

    @cached_property
    def plain(self) -> Catalogue:
        """Words with the names that were kept, for charts and files."""
        return words_of(self.slide, self.here.plain, self.here.taxonomy)

    @cached_property
    def words(self) -> Catalogue:
        """The same for Markdown."""
        return self.plain.for_markdown()

    @property
    def look(self) -> Look:
        size = wall.size()
        return Look(self.plain, self.facts.unit, self.facts.is_lower_better, self.here.dark, large=size == "desk",
                    wall=size == "room")  # fmt: skip

    def tall(self, figure: go.Figure, pixels: float) -> go.Figure:
        """The figure as high as the wall has room for."""
        figure.layout.height = max(self.look.px(pixels / WALL), float(figure.layout.height or 0))
        return figure

    def text(self, key: str, /, **values: Any) -> str:
        return self.plain.text(key, **values)

    def say(self, statement: Statement) -> str:
        """A statement for Markdown; one that a later version has no words for is said to be such."""
        return self.words.recall(statement)

    def html(self, statement: Statement) -> str:
        return escape(self.plain.recall(statement))

    def label(self, name: str, code: str) -> str:
        """The words for a code of a field, as text."""
        return code_words.label(self.plain, self.here.taxonomy, name, code)

    def first_of(self, step: AgendaStep) -> int | None:
        """The number of the first slide of an item of the agenda; None where it has none."""
        return next((slide.number for slide in self.slides if slide.step is step), None)

    def about(self, plan_id: str, kind: str) -> int | None:
        """The number of the slide of a kind about a plan."""
        return next((s.number for s in self.slides if s.subject == plan_id and s.kind == kind), None)
