"""What is each step of a path called? Apart from `trace.path`, for those who only write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data_access.selection import Filter
from data_access.statement import Statement

COUNTED = ("day_of_month", "hour")  # their values are numbers that follow each other
Path = tuple[Filter, ...]


def path_name(path: Path) -> Statement:
    """The name of a path: that of each step, in order."""
    first, *others = (step_name(step.dimension, step.values) for step in path)
    name = first
    for other in others:
        name = Statement("trace.further", {"first": name, "then": other})
    return name


def step_name(dimension: str, values: Sequence[str | None]) -> Statement:
    """The name of a step; consecutive numbers are written as ranges: 1–3 and 28–31."""
    counted = dimension in COUNTED and all(v is not None and v.isdigit() for v in values)
    key = f"trace.step_{dimension}" if counted else "trace.step"
    return Statement(key, {"dimension": dimension, "values": ranges(values) if counted else list(values)})


def ranges(values: Iterable[str | None]) -> list[str]:
    """Whole numbers as ranges.

    >>> ranges(["28", "1", "2", "29", "3", "9"])
    ['1–3', '9', '28–29']
    """
    runs: list[list[int]] = []
    for number in sorted(int(v) for v in values if v is not None):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
