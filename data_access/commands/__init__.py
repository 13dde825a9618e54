"""The commands of `python -m data_access`: which there are, and in which module each stands.

A module has `arguments(parser)`, which adds what the command takes, and `run(asked, catalogue)`, which does it and
answers with the exit code; what it cannot do it raises as a Problem. It is imported only when it is asked for. Entry
points: they may use the words of `pages.words`.
"""

from __future__ import annotations

from collections.abc import Mapping

from data_access.statement import Statement
from pages.words.catalogue import Catalogue

COMMANDS: Mapping[str, str] = {
    "draft": "data_access.commands.draft",
    "check": "data_access.commands.check",
    "audit": "data_access.commands.audit",
    "rollup": "data_access.commands.rollup",
    "backup": "data_access.commands.backup",
    "restore": "data_access.commands.restore",
    "rehearse": "data_access.commands.rehearse",
    "purge": "data_access.commands.purge",
}


def one_line(text: str) -> str:
    """A sentence as a command says it, whatever was put into it."""
    return " ".join(text.split())


def say(catalogue: Catalogue, statement: Statement) -> None:
    """A sentence of a command's answer, on a line of its own."""
    print(one_line(catalogue.say(statement)))
