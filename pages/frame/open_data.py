"""The data behind a run: the configured warehouse, the sample, or a data set somebody brought. Cached per server."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import wait
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from analysis.monitor.as_of import last_full_day
from analysis.monitor.data_health import watched_columns
from analysis.nearest import Nearest, nearest
from data_access.corrected_levels import corrected
from data_access.model_file import read_model
from data_access.selection import Period, Selection
from data_access.settings import Settings
from data_access.sources import open_source
from data_access.taxonomy import Taxonomy, load_taxonomy
from data_access.warehouse import Coverage, Limits, Warehouse, open_warehouse
from data_access.workshop.store import Store, open_store
from pages.frame import running
from pages.frame.answers import Answers
from pages.frame.context import Context
from pages.frame.periods import Calendar
from pages.frame.running import Bounds

T = TypeVar("T")
Levels = tuple[tuple[str, str], ...]  # column and level
OPENED: Answers[Warehouse] = Answers(kept_s=math.inf, most=16)
STORES: Answers[Store] = Answers(kept_s=math.inf, most=4)
VERSIONS: Answers[str] = Answers(kept_s=60, behind_s=540, most=500)
ROWS: Answers[pd.DataFrame] = Answers(kept_s=60, most=50)
LOOKED_UP: Answers[Any] = Answers(kept_s=600, behind_s=3000, most=2000)
SAMPLE_MODEL = Path(__file__).resolve().parents[2] / "sample_data" / "semantic.toml"


def settings() -> Settings:
    return Settings.from_environment(os.environ)


@st.cache_resource(show_spinner=False)
def taxonomy() -> Taxonomy:
    return load_taxonomy()


def store(url: str) -> Store:
    """The store behind a URL, opened once a server; while it cannot be, nobody waits for it once more."""
    return STORES.answer(url, partial(open_store, url), wait=lambda future: wait([future]), stop=lambda _: None)


def warehouse(
    dataset: str,
    source: str,
    model: str,
    *,
    limits: Limits,
    bounds: Bounds,
    content_hash: str | None = None,
    levels: Levels = (),
) -> Warehouse:
    """The warehouse of a data set, opened once a server; `model` is "path?stamp", `levels` those corrected."""

    def opened() -> Warehouse:
        meant = corrected(read_model(_unstamped(model)), dict(levels))
        return open_warehouse(source, meant, limits=limits, content_hash=content_hash)

    key = (dataset, source, model, limits, content_hash, levels)
    found = running.asked(OPENED, key, opened, bounds=bounds)
    if not found.is_outdated:
        return found
    OPENED.forget(key, found)
    return running.asked(OPENED, key, opened, bounds=bounds)


def file(path: str, model: str, cache: str, *, limits: Limits, bounds: Bounds, levels: Levels = ()) -> Warehouse:
    """A data file of any size, kept as it was read in the folder `cache`; path and model are "path?stamp"."""

    def opened() -> Warehouse:
        meant = partial(corrected, levels=dict(levels))
        return open_source(
            str(_unstamped(path)), cache=Path(cache), model=_unstamped(model), limits=limits, meant=meant
        )

    return running.asked(OPENED, (path, model, cache, limits, levels), opened, bounds=bounds)


def stamped(path: Path) -> str:
    """A model's or file's path with the time it was written, so that what was edited is read again."""
    return f"{path}?{path.stat().st_mtime_ns if path.exists() else 0}"


def _unstamped(path: str) -> Path:
    return Path(path.rpartition("?")[0])


def version(here: Context) -> str:
    """The data version, looked up once a minute; a file that was read anew has another address.

    Nobody waits for it but who comes after ten minutes in which nobody did.
    """
    return _asked(here, here.warehouse.version, "version", answers=VERSIONS)


def calendar(here: Context) -> Calendar | None:
    """First and last day of the data; None where they have no time."""
    extent = _asked(here, here.warehouse.extent, "extent")
    if extent.first is None or extent.last is None:
        return None
    return Calendar(extent.first.date(), extent.last.date())


def last_day(here: Context) -> date:
    """The last day that is full in what is selected. Raises Problem where there are no days."""
    filters = here.selection.filters
    return _asked(here, lambda: last_full_day(here.warehouse, filters), "last_day", filters)


def coverage(here: Context) -> Coverage:
    """Who is behind the metric over all time, within the scope."""
    metric = here.metric.name
    return _asked(here, lambda: here.warehouse.coverage(metric, None, here.data_key.scope), "coverage", metric)


def members(here: Context, dimension: str) -> Sequence[str | None]:
    """Values of a dimension, for its filter."""
    return _asked(here, lambda: here.warehouse.members(dimension), "members", dimension)


def near(here: Context, both: bool) -> Nearest | None:
    """The nearest selection that has answers."""
    asked, scope = here.selection, here.data_key.scope
    find = partial(nearest, here.warehouse, asked, scope=scope, with_baseline=both)
    return _asked(here, find, "near", asked, both)


def rows(here: Context, selection: Selection, *, first: int, most: int) -> pd.DataFrame:
    """Contacts behind a selection, newest first, from number `first` on. Shared: whoever changes it takes a copy."""
    find = partial(here.warehouse.rows, selection, offset=first, limit=most)
    return _asked(here, lambda: find().rows, "rows", selection, first, most, answers=ROWS)


def unsound(here: Context, check: str, column: str, period: Period | None) -> pd.DataFrame:
    """The newest rows behind a check of the data: see `TableVerbs.unsound`; `column`: of a dimension or driver."""
    asked, rules = here.selection, here.warehouse.model.repeats.on_time
    cell = watched_columns(here.warehouse.model).get(column, "")
    cell = here.metric.column if check == "out_of_scale" else cell
    find = partial(here.warehouse.unsound, check, asked.metric, cell, rules, period, asked.filters)
    return _asked(
        here, lambda: find().rows, "unsound", check, cell, asked.metric, period, asked.filters, answers=ROWS
    )


def customers_of(here: Context, contacts: tuple[str, ...], period: Period) -> Mapping[str, str]:
    """The masked customer of each contact that is given by its masked id."""
    find = partial(here.warehouse.customers_of, contacts, period)
    return _asked(here, find, "customers", contacts, period)


def companion(here: Context, role: str) -> pd.DataFrame | None:
    """A companion table: labels, targets, events. Shared: whoever changes it takes a copy."""
    return _asked(here, lambda: here.warehouse.companion(role), "companion", role)


def benchmarks(here: Context) -> pd.DataFrame:
    """What others reach on the metric. Shared: whoever changes it takes a copy."""
    metric = here.selection.metric
    return _asked(here, lambda: here.warehouse.benchmarks(metric), "benchmarks", metric)


def _asked(here: Context, ask: Callable[[], T], *about: Hashable, answers: Answers[Any] | None = None) -> T:
    """What is asked of the data behind a run; the key carries the scope, the data version once that is known."""
    key = (here.data_key, *about)
    answer: T = running.asked(answers or LOOKED_UP, key, ask, bounds=here.bounds, warehouse=here.warehouse)
    return answer
