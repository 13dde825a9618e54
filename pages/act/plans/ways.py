"""The ways in which the plans can be seen, by their name in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from pages.act.plans import blocks, board, by_month, plan_list, promises, running
from pages.act.plans.register import Line
from pages.frame.context import Frame

WAYS: Mapping[str, Callable[[Frame, Sequence[Line]], None]] = MappingProxyType({
    "board": board.draw,
    "table": plan_list.draw,
    "timeline": running.draw,
    "blocks": blocks.draw,
    "months": by_month.draw,
    "promises": promises.draw,
})  # fmt: skip
