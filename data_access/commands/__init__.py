"""The commands of `python -m data_access`: which there are, and in which module each stands.

A module has `arguments(parser)`, which adds what the command takes, and `run(asked, catalogue)`, which does it and
answers with the exit code; what it cannot do it raises as a Problem. It is imported only when it is asked for. Entry
points: they may use the words of `pages.words`.
"""

from __future__ import annotations

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "draft": "data_access.commands.draft",
    "check": "data_access.commands.check",
    "audit": "data_access.commands.audit",
    "rollup": "data_access.commands.rollup",
}


def one_line(text: str) -> str:
    """A sentence as a command says it, whatever was put into it."""
    return " ".join(text.split())
