"""What are the values on a slide called that a meeting kept, also once its data are away? Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from analysis.review.kept import facts_of
from analysis.review.names import REASON
from data_access.selection import Period, months_later
from data_access.taxonomy import Taxonomy
from data_access.workshop.meeting_records import MeetingSlide
from pages.words.catalogue import Catalogue
from pages.words.names import SECTIONS
from pages.words.one_line import one_line

LANGUAGES = {"en": 2, "zh-CN": 3}


class KeptNames:
    """Looks up the words for values of a slide in one language; each stands on one line.

    Another slide may speak of other data, whose names are others.
    """

    def __init__(self, slide: MeetingSlide, taxonomy: Taxonomy, words: Catalogue) -> None:
        self._taxonomy, self._words, place = taxonomy, words, LANGUAGES[words.language]
        rows = facts_of(slide).more.get("names", ())
        self._labels = {(str(row[0]), str(row[1])): str(row[place]) for row in rows}

    def __call__(self, dimension: str | None, value: Any) -> str:
        """The word for a value of a dimension; without a dimension, of anything known."""
        text = str(value)
        return one_line(text if dimension is None else self._word(dimension, text))

    def _word(self, dimension: str, text: str) -> str:
        if dimension == "dimension":
            return self._of_dimension(text)
        section = "reason" if (REASON, dimension) in self._labels else dimension
        known = self._taxonomy.label(section, text, self._words.language) if section in SECTIONS else None
        return self._labels.get((dimension, text)) or self._calendar(dimension, text) or known or text

    def _of_dimension(self, name: str) -> str:
        """A column that only has its own name goes by the usual word for it."""
        label = self._labels.get(("", name), "")
        usual = [key for key in (f"dimension.{name}", f"usual_column.{name.casefold()}") if self._words.has(key)]
        return self._words.text(usual[0]) if usual and label in ("", name) else label or name

    def _calendar(self, dimension: str, value: str) -> str | None:
        if dimension == "weekday":
            return self._words.text(f"weekday.d{value}")
        if dimension == "month":
            first = date.fromisoformat(f"{value}-01")
            return self._words.show(Period(first, months_later(first, 1)), "period")
        if dimension in ("hour", "day_of_month") and value.isdigit():
            return self._words.text(f"calendar.{dimension}", number=value)
        return None


def words_of(slide: MeetingSlide, plain: Catalogue, taxonomy: Taxonomy) -> Catalogue:
    """Words with the names that were kept with a slide; they count answers or contacts, as its metric does."""
    named = plain.with_names(KeptNames(slide, taxonomy, plain))
    return named.counting(answers=bool(facts_of(slide).more.get("survey", True)))


def verdict_of(slide: MeetingSlide, text: Callable[..., str]) -> str:
    """The verdict that stands, and where people overruled it, that they did. text: of the reader's catalogue."""
    more = facts_of(slide).more
    said = text(f"workshop.verdict.{more['verdict']}")
    if more["is_ruled"]:
        return text("plan_register.by_ruling", verdict=said)
    return said if more["is_planned"] else text("verify.early_verdict", verdict=said)
