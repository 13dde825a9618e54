"""What an instructor wrote becomes a case and its key. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.training import Case, Criterion, Key, Link, Reference, Tradeoff, Truth, Words
from pages.words.catalogue import Catalogue

CODE = "own"
RUBRIC = ("location", "evidence", "depth", "remedy")
POINTS = 25
EN, ZH = "en", "zh-CN"


@dataclass(frozen=True, kw_only=True)
class Written:
    """The form as it was filled in: texts by field, each by language, and what was chosen from lists."""

    texts: Mapping[str, Mapping[str, str]]
    segment: tuple[Filter, ...] = ()
    nothing: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    remedies: tuple[str, ...] = ()
    period: Period | None = None
    baseline: Period | None = None

    def words(self, name: str) -> Words:
        """A text that was written in one language only stands for both."""
        said = {language: text.strip() for language, text in self.texts.get(name, {}).items()}
        return Words(said.get(EN) or said.get(ZH, ""), said.get(ZH) or said.get(EN, ""))

    def rows(self, *names: str) -> list[tuple[Words, ...]]:
        """Numbered fields side by side, as far as the first of them was filled in."""
        numbers = sorted({int(key.rpartition(".")[2]) for key in self.texts if key.startswith(f"{names[0]}.")})
        filled = [tuple(self.words(f"{name}.{number}") for name in names) for number in numbers]
        return [row for row in filled if row[0].en]


def case_of(written: Written) -> Case:
    """Raises: BadInput naming what must be there."""
    for name in ("title", "story"):
        if not written.words(name).en:
            raise BadInput(f"desk.trouble.{name}")
    return Case(
        code=CODE,
        title=written.words("title"),
        story=written.words("story"),
        hints=_lines(written.words("hints")),
        rubric=tuple(_criterion(code) for code in RUBRIC),
        period=written.period,
        baseline=written.baseline,
    )


def key_of(written: Written) -> Key:
    """Raises: BadInput where neither a segment was named nor that there is nothing."""
    if not written.nothing and not written.segment:
        raise BadInput("desk.trouble.segment")
    return Key(
        truth=Truth(segment=() if written.nothing else written.segment, nothing=written.nothing),
        reference=_reference(written),
        tradeoffs=tuple(
            Tradeoff(option=option, gain=gain, cost=cost)
            for option, gain, cost in written.rows("option", "gain", "cost")
        ),
    )


def _reference(written: Written) -> Reference:
    codes = written.codes
    return Reference(
        problem=written.words("problem"),
        location=written.words("location"),
        gap=codes.get("gap", ""),
        gap_why=written.words("gap_why"),
        system=codes.get("system", ""),
        power=codes.get("power", ""),
        cause_type=codes.get("cause_type", ""),
        remedies=written.remedies,
        lift=written.words("lift"),
        check=written.words("check"),
        chain=tuple(Link(why=why, evidence=evidence) for why, evidence in written.rows("why", "shown")),
    )


def _lines(words: Words) -> tuple[Words, ...]:
    """A hint a line; a line that one language lacks is that of the other."""
    both: Sequence[tuple[str, str]] = [*zip_longest(_split(words.en), _split(words.zh), fillvalue="")]
    return tuple(Words(en or zh, zh or en) for en, zh in both)


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _criterion(code: str) -> Criterion:
    full, half, none = (_said(f"desk.own_rubric.{code}_{level}") for level in ("full", "half", "none"))
    return Criterion(code=code, points=POINTS, full=full, half=half, none=none)


def _said(key: str) -> Words:
    return Words(Catalogue.load(EN).text(key), Catalogue.load(ZH).text(key))
