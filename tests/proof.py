"""How much of a proof the everyday run takes: `make test` a part of each, `make prove` the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings

FEW_EXAMPLES = 8
Figure = Callable[[str, Any], Any]


def examples(most: int) -> settings:
    """Settings of a property that needs its own number of examples to be proven; a quarter of them day by day."""
    proving = settings.get_current_profile_name() == "prove"
    return settings(max_examples=most if proving else max(FEW_EXAMPLES, most // 4), deadline=None)
