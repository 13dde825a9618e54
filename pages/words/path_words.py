"""How is a path to the loss said? Each of its steps by name, days and hours as spans. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.step_names import step_name
from data_access.selection import Filter
from pages.words.catalogue import Catalogue


def step(words: Catalogue, part: Filter) -> str:
    """The values of a step: names side by side, days and hours as spans."""
    return words.say(step_name(part.dimension, part.values))


def path(words: Catalogue, steps: Sequence[Filter]) -> str:
    """All steps from the problem down."""
    return " › ".join(step(words, part) for part in steps)
