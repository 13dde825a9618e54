"""What does a printed sheet say of itself? Which page, metric, days and filters it is of, and of which data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from pages.frame.context import Context, Frame
from pages.words import selection_words
from pages.words.format import spaced

SHEET = """<style>@page {{ @bottom-left {{ content: "{said}"; text-align: left; vertical-align: middle;
font: 8pt sans-serif; color: #5B6670 }} }}</style>"""
LONGEST = 320  # signs: two lines of a sheet


def draw(here: Frame) -> None:
    """Give the browser the line below each sheet, and say whether the screen is dark: paper never is."""
    st.html(SHEET.format(said=quoted(line(here))))
    st.html(f'<i data-words data-shade="{"dark" if here.dark else "light"}"></i>')


def below(here: Frame, said: Sequence[str]) -> None:
    """The same for a page that names itself: what it says, and the day."""
    told = spaced(" · ".join([*said, here.plain.text("print.made", day=date.today())]))
    st.html(SHEET.format(said=quoted(told if len(told) <= LONGEST else f"{told[:LONGEST]}…")))
    st.html(f'<i data-words data-shade="{"dark" if here.dark else "light"}"></i>')


def line(here: Frame) -> str:
    """Page, selection, data version and day on one line."""
    parts = [here.plain.text(f"page.{here.page}")]
    if isinstance(here, Context):
        parts.append(selection_words.line(here.plain, here.plain, here.warehouse.model, here.selection, here.version))
    parts.append(here.plain.text("print.made", day=date.today()))
    said = spaced(" · ".join(parts))
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def quoted(text: str) -> str:
    """The text inside a string of a style sheet: whatever is no letter or digit by its number.

    >>> quoted('a"</style>')
    'a\\\\22 \\\\3c \\\\2f style\\\\3e '
    """
    return "".join(sign if sign.isalnum() else f"\\{ord(sign):x} " for sign in text)
