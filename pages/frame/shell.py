"""The frame around every page: who is here, which words, which data, which selection, and what happens on trouble."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.access import User, is_outside_class
from data_access.settings import Settings
from data_access.statement import NothingToShow
from pages.frame import (
    address,
    callbacks,
    class_datasets,
    class_strip,
    datasets,
    in_browser,
    kept,
    logs,
    nothing_matches,
    open_data,
    presets,
    printed,
    sidebar,
    top,
    wall,
    who,
)
from pages.frame.answers import NotKnown
from pages.frame.context import Context, Frame
from pages.frame.guarded import guarded
from pages.frame.periods import Calendar
from pages.frame.tour import guide
from pages.words.catalogue import Catalogue

LOGO = Path(__file__).parent / "logo.svg"
TEXT_SIZE = """<style>:root{{font-size:{size}px}} .stApp h1{{font-size:{title}rem}}
[class*="st-key-chart-"] .nsewdrag {{cursor:default!important}}</style>"""
CLASS = "class"  # the page of a class, by its name
SIZES = {True: (20, 1.8), False: (16, 2.0)}  # of text and title; always said: nothing may stay from before
callbacks.guard()


def anybody(user: User) -> bool:
    return True


@dataclass(frozen=True)
class Entry:
    """A page of the menu: its name in texts and address, its icon, the package whose `page.draw` draws it.

    A page that needs no data is drawn with a Frame, not a Context, when the data cannot be opened. On a page of
    records the selection decides only what a new issue would ask; `begins`: whether one can be begun there.
    `under`: the part of the menu that it lies in; without one, and for who takes part in a class, it stands in the
    menu itself.
    Whoever may not open it sees it in no menu, and one sentence at its address.
    """

    name: str
    icon: str
    package: str
    needs_data: bool = True
    of_records: bool = False
    begins: bool = True
    under: str = ""
    may_open: Callable[[User], bool] = anybody

    def draw(self, here: Frame) -> None:
        """Draw the page. It is imported here, so that one that is broken leaves the others alone."""
        self._page().draw(here)

    def asks(self, here: Frame) -> bool:
        """Whether the page asks the data now; else it is drawn with what is known of them, and nobody waits."""
        with suppress(Exception):  # whatever is wrong, the page says so when it is drawn
            decide = getattr(self._page(), "asks_data", None)
            return decide is None or bool(decide(here))
        return False

    def _page(self) -> Any:
        name = f"{self.package}.page"
        is_new = name not in sys.modules
        page = import_module(name)
        if is_new:
            gc.freeze()  # what is loaded stays: to go through it again and again would keep everybody waiting
        return page


@logs.run()
def open_app(entries: Sequence[Entry]) -> None:
    """One run of the app: draw the frame, then the page that the address names."""
    st.set_page_config(page_title="Satrace", page_icon=str(LOGO), layout="wide", initial_sidebar_state=288)
    address.arrive()
    words = Catalogue.load(sidebar.choose_language()).for_markdown()
    in_browser.show(words)
    st.logo(str(LOGO), size="large")
    settings = guarded(words, open_data.settings)
    user = who.is_here(words, settings) if settings else None
    ready = user is not None and settings is not None
    links, first = _links(words, entries, user), _first(entries, user)
    chosen = st.navigation(_menu(words, entries, links, first, user), position="top" if ready else "hidden")
    st.set_page_config(page_title=f"{chosen.title} · Satrace")
    who.settle(chosen.url_path, links, user)
    if user is None or settings is None:
        return
    entry = next((e for e in entries if e.name == chosen.url_path), first)
    with st.sidebar:
        selecting, reading, above, listening = st.container(), st.container(), st.empty(), st.empty()
    if entry.of_records:
        selecting = selecting.expander(words.text("sidebar.of_records"), icon=":material/tune:")
    top.show(entry.name, above)
    kept.listen(words, listening)
    logs.on_page(entry.name)
    frame = replace(_frame(user, settings, words, reading), pages=links, page=entry.name)
    class_strip.draw(frame)
    if not entry.may_open(user):
        _keep_closed(words, chosen)
        return
    if wall.take(entry.name):
        _on_the_wall(entry, frame, chosen)
        return
    guided, touchpoints = st.empty(), st.container()
    tour = guarded(words, partial(guide.begin, frame, guided))
    here = guarded(words, partial(_context, entry, frame, selecting))
    if here is not None and entry.begins:
        with touchpoints:
            guarded(here.words, partial(_show_presets, entry, here))
    chosen.run()
    if here is not None or not entry.needs_data:
        drawn = here or frame
        printed.draw(drawn)
        guarded(drawn.words, partial(_draw, entry, drawn))
        guarded(drawn.words, partial(guide.follow, drawn, guided, tour))
        _tell_dropped(drawn.words)
    address.publish()


def _keep_closed(words: Catalogue, chosen: st.Page) -> None:
    """At the address of a page that this person has in no menu."""
    st.title(chosen.title, anchor=False)
    st.info(words.text("door.closed_page"), icon=":material/lock:")
    address.keep()
    chosen.run()


def _on_the_wall(entry: Entry, frame: Frame, chosen: st.Page) -> None:
    """The page alone, with nothing asked of any data; what its address holds besides stays for later."""
    wall.show()
    address.keep()
    chosen.run()
    guarded(frame.words, partial(entry.draw, frame))
    address.publish()


def _first(entries: Sequence[Entry], user: User | None) -> Entry:
    """What a bare address shows: whoever takes part in a class begins there."""
    attends = user is not None and not is_outside_class(user)
    return next((e for e in entries if attends and e.name == CLASS), entries[0])


def _show_presets(entry: Entry, here: Context) -> None:
    presets.show(
        here.warehouse.model,
        members=partial(open_data.members, here),
        words=here.plain,
        taxonomy=here.taxonomy,
        scope=here.user.scope,
        of_records=entry.of_records,
    )


def _draw(entry: Entry, here: Frame) -> None:
    try:
        entry.draw(here)
    except NothingToShow as problem:
        if not isinstance(here, Context):
            raise
        nothing_matches.show(here, problem)


def _links(words: Catalogue, entries: Sequence[Entry], user: User | None) -> dict[str, st.Page]:
    """The menu. Pages are drawn by `open_app`, so that none can run without the frame."""
    return {
        e.name: st.Page(
            lambda: None,
            title=words.text(f"page.{e.name}"),
            icon=e.icon,
            url_path=e.name,
            visibility="visible" if user is None or e.may_open(user) else "hidden",
        )
        for e in entries
    }


def _menu(
    words: Catalogue, entries: Sequence[Entry], links: Mapping[str, st.Page], first: Entry, user: User | None
) -> dict[str, list[st.Page]]:
    """The pages as they lie in the menu: those of no part side by side, then the parts by their names."""
    parts: dict[str, list[st.Page]] = {"": [_home(words, first)]}
    for entry in entries:
        is_under = bool(entry.under) and user is not None and is_outside_class(user)
        parts.setdefault(words.text(f"menu.{entry.under}") if is_under else "", []).append(links[entry.name])
    return parts


def _home(words: Catalogue, entry: Entry) -> st.Page:
    """The bare address shows the first page, which has an address of its own as well."""
    return st.Page(
        lambda: None, title=words.text(f"page.{entry.name}"), url_path="home", default=True, visibility="hidden"
    )


def _frame(user: User, settings: Settings, words: Catalogue, reading: DeltaGenerator) -> Frame:
    """What every page has, whatever becomes of the data; draws the sidebar's foot."""
    with reading:
        large = sidebar.choose_reading(words)
        who.say(words, user)
    size, title = SIZES[large]
    st.html(TEXT_SIZE.format(size=size, title=title))
    return Frame(
        user=user,
        settings=settings,
        taxonomy=open_data.taxonomy(),
        words=words,
        plain=Catalogue.load(words.language),
        large=large,
        dark=st.context.theme.type == "dark",
        store=lambda: open_data.store(settings.store_url),
        pages={},
        page="",
    )


def _context(entry: Entry, frame: Frame, selecting: DeltaGenerator) -> Context | None:
    """What the page needs of the data; None where it asks nothing and nothing is known."""
    frame = frame if entry.needs_data else replace(frame, asks=entry.asks(frame))
    try:
        return _over_data(frame, selecting)
    except NotKnown:
        address.keep()
        return None


def _over_data(frame: Frame, selecting: DeltaGenerator) -> Context:
    """Open the data, draw the rest of the sidebar, and put together what the page needs."""
    with selecting:
        dataset = datasets.chosen(frame.settings, frame.words, frame.user)
    here = datasets.over(frame, dataset, datasets.opened(frame, dataset))
    calendar = open_data.calendar(here)
    class_datasets.begin(frame, dataset, calendar)
    with selecting:
        return _selected(here, calendar)


def _selected(here: Context, calendar: Calendar | None) -> Context:
    address.speak(here.names.spoken)
    selection = sidebar.choose_selection(
        here.warehouse.model,
        calendar,
        members=partial(open_data.members, here),
        names=here.names,
        words=here.plain,
        scope=here.user.scope,
        page=here.page,
    )
    seen = address.requested("v")
    if seen and seen[0] != here.version:
        address.note("link.version", version=here.version)
    address.write("v", here.version)
    return here.over(selection)


def _tell_dropped(words: Catalogue) -> None:
    for statement in address.notes():
        st.toast(words.say(statement), icon=":material/link_off:", duration="long")
