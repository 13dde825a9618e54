"""What the tables of the service measures share: the board's columns, and how their cells read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result, Unit
from analysis.service.ranking.defined import name_of_definition
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column, Write, codes

if TYPE_CHECKING:
    import pandas as pd


def days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Days as dates."""
    return [words.show(day, "date") for day in table[name]]


def measure_name(measure: str, words: Catalogue) -> str:
    """What a measure is called: one of the service's own, else a metric of the model."""
    key = f"service.measure.{measure}"
    return words.text(key) if words.has(key) else words.show({"dimension": measure}, "name")


def codes_or_as_stands(place: str) -> Write:
    """Writes codes in words where there are any for them, else as they stand in the data."""

    def write(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
        keys = [f"{place}.{code}" for code in table[name]]
        return [
            words.text(key) if words.has(key) else words.show(code, "name")
            for key, code in zip(keys, table[name], strict=True)
        ]

    return write


def segments(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Segments by their members."""
    by = result.options["by"]
    return [words.show(dict(zip(by, segment, strict=True)), "name") for segment in table[name]]


def definition_name(code: str, words: Catalogue) -> str:
    """What a definition of a measure is called."""
    return words.say(name_of_definition(code))


def definition_names(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Definitions by what they are called."""
    return [definition_name(code, words) for code in table[name]]


def called(dimension: str) -> Write:
    """Writes values of the data by their labels."""

    def write(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
        return [words.show(value, "name", dimension=dimension) for value in table[name]]

    return write


def intervals(*names: str) -> tuple[Column, ...]:
    """The ends of the intervals of some measures."""
    return tuple(Column(f"{name}_{end}", "share", "intermediate") for name in names for end in ("low", "high"))


def figures(*names: str) -> dict[str, str]:
    """How the figures of some measures are written."""
    ends = ("", "_low", "_high", "_before", "_change")
    return {**{f"{name}{end}": "share" for name in names for end in ends}, **{f"{name}_p": "p" for name in names}}


def in_its_unit(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Shares as per cent, whose sign stands in the header; what is no share says what it is."""
    units = table["unit"] if "unit" in table else [Unit.RATE] * len(table)
    other = "nps_change" if "change" in name else "nps"
    specs = ["number" if unit == Unit.RATE else other for unit in units]
    return [words.show(100 * value, spec) for value, spec in zip(table[name], specs, strict=True)]


NUMBERS = (
    Column("value", "share", write=in_its_unit, kept=True),
    Column("low", "share", write=in_its_unit),
    Column("high", "share", write=in_its_unit),
    Column("target", "share", write=in_its_unit),
    Column("change", "share", write=in_its_unit),
    Column("state", TEXT, write=codes("service.state")),
    Column("count", "count", "intermediate"),
    Column("n", "count"),
    Column("value0", "share", "intermediate", write=in_its_unit),
    Column("change_low", "share", "intermediate", write=in_its_unit),
    Column("change_high", "share", "intermediate", write=in_its_unit),
    Column("p_adjusted", "p", "intermediate"),
)
SHARED = (  # how often something was found, and among how many agents
    Column("made", "count", kept=True),
    Column("rate", "share", kept=True),
    Column("low", "share"),
    Column("high", "share"),
    Column("sharing", "count"),
    Column("agents", "count", "intermediate"),
)
MEASURES = (Column("measure", TEXT, write=codes("service.measure")), *NUMBERS)
