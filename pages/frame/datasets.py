"""Which data do the pages work on? The configured warehouse, the sample, one that was brought, or a class's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from data_access.access import User, is_outside_class, may_teach
from data_access.library import Library
from data_access.people import People
from data_access.selection import Filter, Selection
from data_access.settings import Settings
from data_access.statement import BadInput
from data_access.warehouse import Limits, Warehouse
from data_access.warehouse.dialects import FILE_SUFFIXES
from data_access.workshop.tracing import CONFIGURED
from pages.frame import address, class_datasets, corrected_levels, open_data, sidebar
from pages.frame.context import Context, Frame
from pages.frame.data_key import DataKey
from pages.words.catalogue import Catalogue
from pages.words.names import Names, labels_of
from sample_data.make import ensure

LAST = "data.last"  # what the previous run worked on


def library(settings: Settings, user: User) -> Library:
    return Library(settings.data_folder / "imports", user)


def people(settings: Settings) -> People:
    """Those who have signed in here, by name."""
    return People(settings.data_folder / "imports")


def chosen(settings: Settings, words: Catalogue, user: User) -> str:
    """The data set of this run; a choice is offered once there are several.

    An address that names none reopens the one that this person used last.
    """
    options, named = names(settings, words, user), "data" in st.session_state[address.ARRIVED]
    address.take("data", "data", lambda values: values[0] if values[0] in options else None)
    if st.session_state.get("data") not in options:
        used = None if named else library(settings, user).last()
        st.session_state["data"] = used if used in options else next(iter(options))
    if len(options) > 1:
        st.selectbox(words.text("sidebar.data"), list(options), key="data", format_func=lambda id: options[id])
    dataset = str(st.session_state["data"])
    before = st.session_state.get(LAST)
    if before not in (None, dataset):
        sidebar.forget()
    if before != dataset and (named or before is not None):
        library(settings, user).remember(dataset)
    st.session_state[LAST] = dataset
    address.write("data", dataset)
    return dataset


def names(settings: Settings, words: Catalogue, user: User) -> dict[str, str]:
    """What each data set is called, the configured one first; those of one name are distinguished by their id."""
    if not is_outside_class(user):
        return class_datasets.names(settings, user)
    called = {CONFIGURED: words.text("sidebar.warehouse" if settings.warehouse else "sidebar.sample")}
    for dataset in library(settings, user).datasets():
        again = dataset.name in called.values()
        called[dataset.id] = f"{dataset.name} ({dataset.id[:4]})" if again else dataset.name
    return called | (class_datasets.names(settings, user) if may_teach(user) else {})


def opened(frame: Frame, dataset: str) -> Warehouse:
    """The warehouse of a data set. Raises BadInput or Unreachable; whoever attends a class opens its data alone."""
    settings = frame.settings
    class_datasets.check(frame.user, dataset)
    limits = Limits(settings.query_timeout_s, settings.row_cap)
    levels = corrected_levels.of(frame, dataset)
    open_it = partial(open_data.warehouse, dataset, limits=limits, bounds=frame.bounds, levels=levels)
    if class_datasets.is_class(dataset):
        database, model_file, version = class_datasets.place(settings, frame.user, dataset)
        return open_it(str(database), open_data.stamped(model_file), content_hash=version)
    if dataset != CONFIGURED:
        brought = library(settings, frame.user).dataset(dataset)
        model = open_data.stamped(brought.model)
        return open_it(str(brought.database), model, content_hash=brought.version)
    if settings.warehouse is None:
        sample = _sample(settings, frame.words)
        return open_it(str(sample), open_data.stamped(open_data.SAMPLE_MODEL))
    if settings.model is None:
        raise BadInput("settings.no_model", variable="SATRACE_MODEL")
    model = open_data.stamped(settings.model)
    if "://" in settings.warehouse or Path(settings.warehouse).suffix.lower() in FILE_SUFFIXES:
        return open_it(settings.warehouse, model)
    path, cache = open_data.stamped(Path(settings.warehouse)), str(settings.data_folder / "files")
    return open_data.file(path, model, cache, limits=limits, bounds=frame.bounds, levels=levels)


def model_text(frame: Frame, dataset: str) -> str:
    """The semantic model of a data set as it is written."""
    if class_datasets.is_class(dataset):
        return class_datasets.place(frame.settings, frame.user, dataset)[1].read_text(encoding="utf-8")
    if dataset != CONFIGURED:
        return library(frame.settings, frame.user).dataset(dataset).model.read_text(encoding="utf-8")
    settings = frame.settings
    return (settings.model if settings.warehouse and settings.model else open_data.SAMPLE_MODEL).read_text(
        encoding="utf-8"
    )


def _sample(settings: Settings, words: Catalogue) -> Path:
    """The sample warehouse; the first start builds it and shows how far it is."""
    place = st.empty()

    def tell(share: float, step: str) -> None:
        place.progress(share, text=words.text("sidebar.building"))

    path = ensure(settings.data_folder, tell)
    place.empty()
    return path


def over(frame: Frame, dataset: str, warehouse: Warehouse, *, limits: Sequence[Filter] = ()) -> Context:
    """A context over the part of some data that is open to the reader, nothing selected yet.

    limits: those of somebody whose question is asked again, to be kept as well.
    """
    sidebar.check_scope(warehouse.model, frame.user.scope)
    warehouse = warehouse.within((*frame.user.scope.filters, *limits))
    key = DataKey(dataset, warehouse.address, warehouse.model_hash, warehouse.scope)
    bare = _called(frame, {}, warehouse, key)
    known = replace(bare, data_key=replace(key, version=open_data.version(bare)))
    labels = labels_of(open_data.companion(known, "labels"), frame.words.language)
    targets = _targets(open_data.companion(known, "targets"))
    return replace(_called(frame, labels, warehouse, known.data_key), targets=targets)


def _called(frame: Frame, labels: Mapping[tuple[str, str], str], warehouse: Warehouse, key: DataKey) -> Context:
    """A context whose values are called by the model's names and the warehouse's own labels."""
    names = Names(warehouse.model, frame.taxonomy, frame.plain, labels)
    named = replace(frame, words=frame.words.with_names(names), plain=frame.plain.with_names(names))
    of_frame = {f.name: getattr(named, f.name) for f in fields(Frame)}
    return Context(**of_frame, names=names, warehouse=warehouse, data_key=key, selection=Selection())


def _targets(table: pd.DataFrame | None) -> dict[str, float]:
    """The overall target of each metric: rows of the targets table that name no dimension."""
    if table is None or not {"metric", "dimension", "target"} <= set(table.columns):
        return {}
    overall = table[table["dimension"].fillna("") == ""]
    return {str(m): float(t) for m, t in zip(overall["metric"], overall["target"], strict=True)}
