"""What may stand in a log of an error: where it happened and of which kind it is, never the values it happened with.

An error's own words hold what was asked for: a name typed into a filter, the row that a database refuses. The log is
read by more people than the data are.
"""

from __future__ import annotations

import logging
import traceback

from data_access.passwords import hidden
from data_access.statement import Problem

OF_CODE = (AttributeError, ImportError, NameError, TypeError)  # whose words name code, not data
CODES = ("sqlstate", "sqlite_errorcode", "errno")  # numbers of a database or of the system


class WithoutValues(logging.Filter):
    """Keeps passwords and what was asked for out of a log, the traces of errors included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hidden(record.getMessage()), ()
        if record.exc_info and record.exc_info[1]:
            record.exc_text = told(record.exc_info[1])
        return True


def told(error: BaseException) -> str:
    """The lines of code that an error came through and its kind, those of what caused it first.

    >>> try:
    ...     int("Zhang San")
    ... except ValueError as error:
    ...     lines = told(error).splitlines()
    >>> lines[-1]
    'ValueError'
    """
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [told(before)] if before is not None else []
    return "\n".join([*lines, *_places(error), kind(error)])


def kind(error: BaseException) -> str:
    """The kind of an error, with what of its words is no data.

    >>> kind(Problem("workshop.missing.pin", name="Zhang San")), kind(NameError("x is not defined"))
    ('Problem workshop.missing.pin', 'NameError x is not defined')
    """
    said = [type(error).__name__]
    if isinstance(error, Problem):
        said.append(error.statement.key)
    elif isinstance(error, OF_CODE):
        said.append(hidden(str(error)))
    below = getattr(error, "orig", error)
    said += [f"{name}={code}" for name in CODES if (code := getattr(below, name, None)) is not None]
    return " ".join(said)


def _places(error: BaseException) -> list[str]:
    return [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
