"""What is a definition of a measure called? Its code says how it counts: `level:offered:queue`, `box:top:9`."""

from __future__ import annotations

from data_access.metrics import Metric
from data_access.repeats import ISSUES
from data_access.statement import Statement

LEVEL, FIRST, BOX = "level", "first", "box"  # how codes begin


def own_definition(metric: Metric | None, *, formula: str, clock: str) -> str:
    """The definition that a measure itself goes by; formula, clock: those of a service level."""
    if metric is None:
        return f"{LEVEL}:{formula}:{clock}"
    if metric.repeat:
        return f"{FIRST}:{ISSUES[metric.repeat.same]}:{metric.repeat.hours:g}"
    if metric.at_least is not None:
        return f"{BOX}:top:{metric.at_least:g}"
    return f"{BOX}:mean" if metric.at_most is None else f"{BOX}:bottom:{metric.at_most:g}"


def name_of_definition(code: str) -> Statement:
    """What a definition is called, as part of a sentence."""
    kind, *parts = code.split(":")
    if kind == LEVEL:
        formula, clock = parts
        written = {"formula": Statement(f"access.formula.{formula}"), "clock": Statement(f"access.clock.{clock}")}
        return Statement("definitions.level", written)
    if kind == FIRST:
        return Statement(f"definitions.first_{parts[0]}", {"hours": parts[1]})
    return Statement(f"definitions.{parts[0]}", {"limit": parts[1]} if parts[1:] else {})
