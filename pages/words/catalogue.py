"""What are the words of a language? Reads the TOML catalogues: a folder per language, a file per area of the app.

The key of a text is its table path and name, `contribution.top`; which file it stands in does not count.
A missing key is a KeyError: a test proves that all languages have the same keys and placeholders, so a fallback
to another language would only hide a mistake.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from data_access.metric_kinds import Unit
from data_access.metrics import Metric
from data_access.selection import Period
from data_access.statement import Statement
from pages.words.counted import of_contacts
from pages.words.format import Formatter, NameOf
from pages.words.markdown import escape_markdown
from pages.words.unit_writing import WRITING

FOLDER = Path(__file__).parent / "text"
LANGUAGES = ("en", "zh-CN")


@cache
def texts(language: str) -> Mapping[str, str]:
    """All texts of a language by dotted key. Raises ValueError for an unknown language or a key given twice."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}, only for {', '.join(LANGUAGES)}")
    found: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        for key, text in _flat(tomllib.loads(path.read_text("utf-8"))):
            if key in found:
                raise ValueError(f"{path.name} ({language}) gives {key} a second time")
            found[key] = text
    return MappingProxyType(found)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield prefix + name, value
        else:
            raise ValueError(f"{prefix}{name} is {type(value).__name__}, not a text")


@cache
def texts_of_contacts(language: str) -> Mapping[str, str]:
    """All texts of a language, said of contacts instead of answers."""
    return of_contacts(texts(language))


@dataclass(frozen=True)
class Catalogue:
    """The words of one language and how values are written in it."""

    language: str
    formatter: Formatter

    @staticmethod
    @cache
    def load(language: str) -> Catalogue:
        """The catalogue of "en" or "zh-CN".

        >>> Catalogue.load("zh-CN").show(84.7, "score") == "84.7\N{NO-BREAK SPACE}分"
        True
        """
        return Catalogue(language, Formatter(texts(language)))

    def text(self, key: str, /, **values: Any) -> str:
        """The text of a key with its values put in. Raises KeyError when the key or a value is missing."""
        try:
            return self.formatter.fill(self.formatter.words[key], values)
        except KeyError as missing:
            raise KeyError(f"{key} ({self.language}): {missing.args[0]}") from missing

    def say(self, statement: Statement) -> str:
        """A statement in this language."""
        return self.text(statement.key, **statement.values)

    def recall(self, statement: Statement) -> str:
        """A statement that was kept, by former words for it where it has other values than today's.

        One sentence where a later version has no words for it at all.
        """
        for key in (statement.key, f"former.{statement.key}"):
            with suppress(KeyError, ValueError, TypeError, AttributeError):
                return self.text(key, **statement.values)
        return self.text("workshop.wording_gone")

    def has(self, key: str) -> bool:
        """Whether there is a text for a key that is built from data, such as the label of a taxonomy code."""
        return key in self.formatter.words

    def show(self, value: Any, spec: str, *, unit: Unit = Unit.POINTS, dimension: str | None = None) -> str:
        """One value by one spec of `format.SPECS`."""
        return self.formatter.show(value, spec, unit=unit, dimension=dimension)

    def axis(self, unit: Unit) -> str:
        """The label of a number on an axis of a unit, `{}` for the number."""
        sign = WRITING[unit].sign
        return self.text(sign, number="{}") if sign else "{}"

    def periods(self, current: Period | None, baseline: Period | None) -> tuple[str, str]:
        """Both periods as short as stays clear: "October", "September" within one year."""
        same_year = current and baseline and current.start.year == baseline.start.year
        spec = "period_short" if same_year and current != baseline else "period"
        return self.show(current, spec), self.show(baseline, spec)

    def with_names(self, names: NameOf) -> Catalogue:
        """This catalogue, data values translated by `names`."""
        return replace(self, formatter=replace(self.formatter, names=names))

    def about(self, metric: Metric) -> Catalogue:
        """This catalogue, counting what a metric counts: the answers of a survey, else contacts."""
        return self.counting(answers=metric.survey)

    def counting(self, *, answers: bool) -> Catalogue:
        """This catalogue, counting answers or contacts."""
        words = texts(self.language) if answers else texts_of_contacts(self.language)
        return replace(self, formatter=replace(self.formatter, words=words))

    def for_markdown(self) -> Catalogue:
        """This catalogue for Markdown: data values cannot become bold, links or formulas."""
        return replace(self, formatter=replace(self.formatter, escape=escape_markdown))
