"""What are the rows of a table called, on the screen and for machines? Here segments; others in `methods`. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.result import Result
from pages.words.catalogue import Catalogue


class Rows:
    """Rows that are segments: each has a member of every dimension that was cut by."""

    def dimensions(self, result: Result) -> tuple[str, ...]:
        """Dimensions that every row has a member of."""
        return tuple(result.options.get("by", ()))

    def possible(self, result: Result) -> tuple[str, ...]:
        """Dimensions that any row may have a member of."""
        return self.dimensions(result)

    def columns(self, result: Result, words: Catalogue) -> dict[str, list[str]]:
        """The columns that name the rows, by their titles."""
        return {
            words.show({"dimension": name}, "name"): [
                words.show(segment[place], "name", dimension=name) for segment in result.table["segment"]
            ]
            for place, name in enumerate(self.dimensions(result))
        }

    def count(self, result: Result) -> int:
        """How many columns name the rows."""
        return len(self.dimensions(result))

    def title(self, result: Result, words: Catalogue) -> str:
        """One title over the names of the rows."""
        named = " · ".join(words.show({"dimension": name}, "name") for name in self.dimensions(result))
        return named or words.text("column.group")

    def names(self, result: Result, words: Catalogue) -> list[str]:
        """What each row is called."""
        return [self.name(result, segment, words) for segment in result.table["segment"]]

    def name(self, result: Result, segment: Any, words: Catalogue) -> str:
        """A segment by its members."""
        return words.show(self.members(result, segment), "name")

    def members(self, result: Result, segment: Any) -> Mapping[str, str | None]:
        """A segment as dimension -> member."""
        return dict(zip(self.dimensions(result), segment, strict=True))

    def record(self, result: Result, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row for machines: its segment as {dimension: member}, everything else as it is."""
        if "segment" not in row:
            return dict(row)
        others = {name: value for name, value in row.items() if name != "segment"}
        return {"segment": self.members(result, row["segment"]), **others}

    def contract(self, result: Result, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the headless contract has it."""
        return self.record(result, row)


@dataclass(frozen=True)
class Named(Rows):
    """Rows that are no segments and have one name each, under a title of the catalogue."""

    heading: str

    def dimensions(self, result: Result) -> tuple[str, ...]:
        return ()

    def columns(self, result: Result, words: Catalogue) -> dict[str, list[str]]:
        return {self.title(result, words): self.names(result, words)}

    def count(self, result: Result) -> int:
        return 1

    def title(self, result: Result, words: Catalogue) -> str:
        return words.text(self.heading)


class Paired(Rows, ABC):
    """Rows that are no segments and are named by columns of their own, side by side."""

    def dimensions(self, result: Result) -> tuple[str, ...]:
        return ()

    @abstractmethod
    def columns(self, result: Result, words: Catalogue) -> dict[str, list[str]]:
        """The columns, by their titles."""

    @abstractmethod
    def count(self, result: Result) -> int:
        """How many there are."""

    def title(self, result: Result, words: Catalogue) -> str:
        return " · ".join(self.columns(result, words))

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [" · ".join(row) for row in zip(*self.columns(result, words).values(), strict=True)]


def sides(result: Result, words: Catalogue) -> list[str]:
    """Rows that are the sides of a comparison, by what each is."""
    return [words.text(f"side.{group}") for group in result.table["group"]]


def conjunctions(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose segment is a conjunction of its own, as {dimension: member}."""
    return [{**row, "segment": dict(row["segment"])} if "segment" in row else dict(row) for row in rows]
