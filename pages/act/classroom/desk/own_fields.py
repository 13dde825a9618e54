"""The fields in which an instructor writes a case: in the language of the page, and in the other one if wished."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.act.classroom.desk.fields import about, place
from pages.frame import kept
from pages.frame.context import Frame
from pages.words.catalogue import LANGUAGES

MOST_ROWS = 6
Texts = dict[str, dict[str, str]]


def write(here: Frame, texts: Texts, name: str, *, both: bool, label: str = "", height: int = 0) -> None:
    """A text in each language that is asked for; what was typed in the other one before stays."""
    label = label or here.text(f"desk.own.{name.rpartition('.')[0] or name}")
    for language in sorted(LANGUAGES, key=lambda code: code != here.words.language):
        field = about(f"own.{name}.{language}")
        if language == here.words.language or both:
            typed = _typed(here, label if language == here.words.language
                           else here.text("desk.own.other", label=label), name, language, height)  # fmt: skip
        else:
            draft = kept.draft_of(field)
            typed = str(draft.content) if draft else ""
        texts.setdefault(name, {})[language] = typed


def _typed(here: Frame, label: str, name: str, language: str, height: int) -> str:
    field, key = about(f"own.{name}.{language}"), place(f"own.{name}.{language}")
    if height:
        return kept.area(here, label, field, key, height=height, max_chars=6_000)
    return kept.line(here, label, field, key, max_chars=1_000)


def rows(here: Frame, texts: Texts, names: Sequence[str], *, both: bool) -> None:
    """Fields side by side, a row more than is filled in."""
    for number in range(MOST_ROWS):
        for name, column in zip(names, st.columns(len(names)), strict=True):
            with column:
                write(here, texts, f"{name}.{number}", both=both)
        if not any(texts[f"{names[0]}.{number}"].values()):
            return


def code(here: Frame, name: str, options: Sequence[str], called: dict[str, str]) -> str:
    """A code of the taxonomy, or none."""
    return str(st.selectbox(
        here.text(f"workshop.field.{name}"), ["", *options],
        format_func=lambda code: called.get(code, here.text("workshop.field.not_set")),
        **kept.options(here, about(f"own.{name}"), place(f"own.{name}")),
    ) or "")  # fmt: skip
