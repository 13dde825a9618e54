"""What is said to a person, before any language is chosen: a key of the text catalogues and the values put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data_access.passwords import hidden_in


@dataclass(frozen=True)
class Statement:
    """A sentence without its language. `key` names the text; `values` are unrounded numbers, names and dates.

    >>> Statement("contribution.top", {"segment": "3G", "contribution": 0.373}).key
    'contribution.top'
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted((k, str(v)) for k, v in self.values.items()))))


class Problem(Exception):
    """Something a user can mend. Carries a statement, so that every layer above can say it in the user's language.

    Its values hold no password, whoever put them in.
    """

    def __init__(self, key: str, /, **values: Any) -> None:
        values = {name: hidden_in(value) for name, value in values.items()}
        self.statement = Statement(key, values)
        super().__init__(key, values)

    def __str__(self) -> str:
        named = ", ".join(f"{k}={v!r}" for k, v in self.statement.values.items())
        return f"{self.statement.key}({named})"

    def __reduce__(self) -> Any:
        return _rebuild, (type(self), self.statement)


def _rebuild(kind: type[Problem], statement: Statement) -> Problem:
    return kind(statement.key, **statement.values)


class BadInput(Problem):
    """What was given cannot be used: a wrong name, file, model or option."""


class NothingToShow(Problem):
    """The question is sound, the data hold no answer: empty selection, no scores, one group."""


class Unreachable(Problem):
    """The source or the store cannot be reached or answered too late."""
