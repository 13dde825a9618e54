"""Where do the finished examples lie? A file for each, made on its first use, and only read from then on."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

import streamlit as st

from data_access.access import User
from data_access.settings import Settings
from data_access.workshop.store import Store, open_store
from data_access.workshop.tracing import CONFIGURED
from pages.frame import datasets
from pages.frame.context import Context, Frame
from pages.record.examples.making import Maker
from pages.record.examples.recipes import RECIPES
from pages.record.plan.proposed import next_monday
from pages.words.catalogue import Catalogue

READER = User(id="reader", name="")  # sees everything of the sample, may change nothing
SAMPLE = "sample"  # what the sample is called where the pages work on other data
ROOT = Path(__file__).resolve().parents[3]
MADE_OF = ("analysis", "data_access", "pages/record", "pages/words/text", "sample_data")
_one_at_a_time = Lock()


def over_sample(here: Frame) -> Context:
    """What an example is read with: the sample, by a reader who may change nothing, whatever data are open.

    The first time the sample is built, which takes some seconds and shows how far it is.
    """
    words = Catalogue.load(here.words.language)
    frame = Frame(
        user=READER, settings=replace(here.settings, warehouse=None, model=None), taxonomy=here.taxonomy,
        words=words.for_markdown(), plain=words, large=here.large, dark=here.dark, store=here.store,
        pages=here.pages, page=here.page,
    )  # fmt: skip
    dataset = CONFIGURED if is_configured(here.settings) else SAMPLE
    return datasets.over(frame, dataset, datasets.opened(frame, CONFIGURED))


def is_configured(settings: Settings) -> bool:
    """Whether the pages of this installation work on the sample, so that an example can be done oneself."""
    return settings.warehouse is None


def taken_out(over: Context, name: str) -> Context:
    """The context with the example of a cause as its store, which is made where it is missing."""
    file = _place(over) / f"{name}.{over.words.language}.sqlite"
    if not file.exists():
        with _one_at_a_time:
            if not file.exists():
                _make(over, name, file)
    return replace(over, store=lambda: _opened(f"sqlite:///{file}?mode=ro"))


@st.cache_resource(show_spinner=False, max_entries=24)
def _opened(url: str) -> Store:
    """A store that no program can write to: its file is opened to be read only."""
    return open_store(url)


def _make(over: Context, name: str, file: Path) -> None:
    """Made beside its place and put there whole; what older examples were made of is gone."""
    for old in file.parents[1].glob("*"):
        if old != file.parent:
            shutil.rmtree(old, ignore_errors=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    place = st.empty()
    with _scratch(file) as made:
        store = open_store(f"sqlite:///{made}")
        try:
            Maker(over, store, name, RECIPES[name]).make(
                lambda share: place.progress(share, text=over.text("example.making"))
            )
        finally:
            store.engine.dispose()
        made.replace(file)
    place.empty()


@contextmanager
def _scratch(file: Path) -> Iterator[Path]:
    made = file.with_name(f".{uuid4().hex}.sqlite")
    try:
        yield made
    finally:
        for left in file.parent.glob(f"{made.name}*"):
            left.unlink()


def _place(over: Context) -> Path:
    """The folder of what is made from these data by this program; plans begin in the future, so weekly anew."""
    about = repr((over.version, over.dataset, next_monday(date.today())))
    digest = hashlib.sha256(about.encode())
    digest.update(_sources().encode())
    return over.settings.data_folder / "examples" / digest.hexdigest()[:12]


@cache
def _sources() -> str:
    """The fingerprint of all that an example is made by."""
    digest = hashlib.sha256()
    for folder in MADE_OF:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()
