"""Everything a page needs to know of this run, as one value: who, which words, which data, which selection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from analysis.own_order import has_own_order
from analysis.result import Result
from data_access.access import User
from data_access.metric_kinds import Unit
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.settings import Settings
from data_access.statement import Statement
from data_access.taxonomy import Taxonomy
from data_access.warehouse import Warehouse
from data_access.workshop.store import Store
from pages.charts import Look
from pages.frame.data_key import DataKey
from pages.frame.running import Bounds, answered, aside
from pages.frame.seen import Witness
from pages.words.catalogue import Catalogue
from pages.words.columns import DEPTHS
from pages.words.names import Names


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One run of the app before any data: all that a page has which works without a warehouse."""

    user: User
    settings: Settings
    taxonomy: Taxonomy
    words: Catalogue  # data values escaped for Markdown
    plain: Catalogue  # data values as they stand: charts, files
    large: bool
    dark: bool
    store: Callable[[], Store]
    pages: Mapping[str, st.Page]
    page: str
    asks: bool = True  # whether the data are asked, or only what is known of them already is used

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.text, self.settings.query_timeout_s, self.asks)

    @property
    def witness(self) -> Witness:
        """Keeps what this person sees of single contacts and takes along."""
        return Witness(self.user, self.store, self.settings.audit_days)

    def lead_to(self, page: str, label: str, **parameters: str) -> None:
        """A link to another page that keeps this selection and asks for some options there."""
        st.page_link(self.pages[page], label=label, icon=":material/arrow_forward:", query_params=parameters)

    def key(self, name: str) -> str:
        """Where the session keeps an option of this page."""
        return f"option.{self.page}.{name}"

    def text(self, key: str, /, **values: Any) -> str:
        return self.words.text(key, **values)

    def say(self, statement: Statement) -> str:
        return self.words.say(statement)


@dataclass(frozen=True, kw_only=True)
class Context(Frame):
    """One run of the app over data. `selection` is already narrowed to the user's scope; pages never widen it."""

    names: Names
    warehouse: Warehouse
    data_key: DataKey
    selection: Selection
    targets: Mapping[str, float] = field(default_factory=dict)

    @property
    def metric(self) -> Metric:
        return self.warehouse.model.measure(self.selection.metric)

    def over(self, selection: Selection) -> Context:
        """This context over another selection."""
        return replace(self.about(selection.metric), selection=selection)

    def about(self, metric: str) -> Context:
        """This context with words that count what a metric counts."""
        counted = self.warehouse.model.measure(metric)
        return replace(self, words=self.words.about(counted), plain=self.plain.about(counted))

    def unit_of(self, metric: str) -> Unit:
        """The unit of a metric; one that these data lack counts in points."""
        known = self.warehouse.model.metrics.get(metric)
        return known.unit if known else Unit.POINTS

    @property
    def dataset(self) -> str:
        return self.data_key.dataset

    @property
    def version(self) -> str:
        return self.data_key.version

    @property
    def depth(self) -> str:
        return str(st.session_state.get("depth", DEPTHS[0]))

    def at_least(self, depth: str) -> bool:
        """Whether the page is as deep as `depth` or deeper."""
        return DEPTHS.index(self.depth) >= DEPTHS.index(depth)

    @property
    def look(self) -> Look:
        return Look(self.plain, self.metric.unit, self.metric.better == "low", self.dark, self.large)

    def cuts(self) -> list[str]:
        """Dimensions whose segments do not overlap, so that they can stand side by side."""
        model = self.warehouse.model
        return [name for name in model.offered if not model.dimension(name).overlaps]

    def is_ordered(self, result: Result) -> bool:
        """Whether the segments of a result have an order of their own."""
        return has_own_order([self.warehouse.model.dimension(name) for name in result.options["by"]])

    def run(self, analyse: Callable[..., Result], selection: Selection | None = None, **options: Any) -> Result:
        """An analysis of this context's data; cached, bounded, and with a stop once it takes long."""
        result = answered(
            analyse,
            selection or self.selection,
            options,
            warehouse=self.warehouse,
            key=self.data_key,
            bounds=self.bounds,
        )
        self.witness.note_rows(result, self.warehouse.model, self.dataset)
        return result

    def run_aside(self, analyse: Callable[..., Result], **options: Any) -> Result:
        """The same where no page is drawn: while a file is made that somebody asked for."""
        return aside(analyse, self.selection, options, warehouse=self.warehouse, key=self.data_key,
                     seconds=self.settings.query_timeout_s)  # fmt: skip
