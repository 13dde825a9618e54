"""The data behind a run: the configured warehouse, the sample, or a data set somebody brought. Cached per server."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.nearest import Nearest, nearest
from data_access.model_file import read_model
from data_access.selection import Filter, Selection
from data_access.settings import Settings
from data_access.sources import open_source
from data_access.taxonomy import Taxonomy, load_taxonomy
from data_access.warehouse import Coverage, Limits, Warehouse, open_warehouse
from data_access.workshop.store import Store, open_store
from pages.frame.data_key import DataKey
from pages.frame.periods import Calendar

SAMPLE_MODEL = Path(__file__).resolve().parents[2] / "sample_data" / "semantic.toml"


def settings() -> Settings:
    return Settings.from_environment(os.environ)


@st.cache_resource(show_spinner=False)
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@st.cache_resource(show_spinner=False, max_entries=4)
def store(url: str) -> Store:
    return open_store(url)


@st.cache_resource(show_spinner=False, max_entries=16)
def warehouse(dataset: str, source: str, model: str, limits: Limits, content_hash: str | None = None) -> Warehouse:
    """The warehouse of a data set, opened once a server. The arguments are its cache key; `model` is "path?stamp"."""
    semantics = read_model(_unstamped(model))
    return open_warehouse(source, semantics, limits=limits, content_hash=content_hash)


def stamped(path: Path) -> str:
    """A model's or file's path with the time it was written, so that what was edited is read again."""
    return f"{path}?{path.stat().st_mtime_ns if path.exists() else 0}"


def _unstamped(path: str) -> Path:
    return Path(path.rpartition("?")[0])


@st.cache_resource(show_spinner=False, max_entries=4)
def file(path: str, model: str, cache: str, limits: Limits) -> Warehouse:
    """A data file of any size, kept as it was read in the folder `cache`; path and model are "path?stamp"."""
    source, cached = str(_unstamped(path)), Path(cache)
    return open_source(source, cache=cached, model=_unstamped(model), limits=limits)


def data_key(dataset: str, opened: Warehouse) -> DataKey:
    """Which data a warehouse holds now."""
    key = DataKey(dataset, opened.address, opened.model_hash)
    return replace(key, version=_version(key, opened))


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def _version(key: DataKey, _warehouse: Warehouse) -> str:
    """The data version, looked up once a minute; a file that was read anew has another address."""
    return _warehouse.version()


@st.cache_data(ttl=600, max_entries=64, show_spinner=False)
def calendar(key: DataKey, _warehouse: Warehouse) -> Calendar | None:
    """First and last day of the data; None where they have no time."""
    extent = _warehouse.extent()
    if extent.first is None or extent.last is None:
        return None
    return Calendar(extent.first.date(), extent.last.date())


@st.cache_data(ttl=600, max_entries=64, show_spinner=False)
def coverage(key: DataKey, metric: str, scope: tuple[Filter, ...], _warehouse: Warehouse) -> Coverage:
    """Who is behind a metric over all time, within a scope."""
    return _warehouse.coverage(metric, None, scope)


@st.cache_data(ttl=600, max_entries=1000, show_spinner=False)
def members(key: DataKey, dimension: str, _warehouse: Warehouse) -> list[str | None]:
    """Values of a dimension, for its filter."""
    return _warehouse.members(dimension)


@st.cache_data(ttl=600, max_entries=64, show_spinner=False)
def near(
    key: DataKey, selection: Selection, scope: tuple[Filter, ...], both: bool, _warehouse: Warehouse
) -> Nearest | None:
    """The nearest selection that has answers."""
    return nearest(_warehouse, selection, scope=scope, with_baseline=both)


@st.cache_data(ttl=600, max_entries=64, show_spinner=False)
def companion(key: DataKey, role: str, _warehouse: Warehouse) -> pd.DataFrame | None:
    """A companion table: labels, targets, events."""
    return _warehouse.companion(role)


@st.cache_data(ttl=600, max_entries=64, show_spinner=False)
def benchmarks(key: DataKey, metric: str, _warehouse: Warehouse) -> pd.DataFrame:
    """What others reach on a metric."""
    return _warehouse.benchmarks(metric)
