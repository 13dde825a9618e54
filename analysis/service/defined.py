"""What is a definition of a measure called? Its code says how it counts: `level:offered:queue`, `box:top:9`."""

from __future__ import annotations

from data_access.statement import Statement

LEVEL, FIRST, BOX = "level", "first", "box"  # how codes begin


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
