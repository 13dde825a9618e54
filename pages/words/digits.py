"""How are the digits of a number written? The only place that rounds."""

from __future__ import annotations

from collections.abc import Mapping

MINUS = "−"


def decimals(value: float, places: int) -> str:
    """Rounded, with separators and a true minus; what rounds to zero has no sign.

    >>> decimals(-1234.56, 1), decimals(-0.04, 1)
    ('−1,234.6', '0.0')
    """
    text = f"{float(value):,.{places}f}"
    is_zero = not text.strip("-0.")
    return text.lstrip("-") if is_zero else text.replace("-", MINUS)


def signed(value: float, places: int) -> str:
    """Like `decimals`, the sign always shown.

    >>> signed(-1.6, 1), signed(0.5, 1), signed(0.01, 1)
    ('−1.6', '+0.5', '±0.0')
    """
    text = decimals(value, places)
    if text.startswith(MINUS):
        return text
    return ("+" if text.strip("0.") else "±") + text


def amount(value: float, words: Mapping[str, str]) -> str:
    """A round number as it is spoken: what is large is counted in millions, or in what the language counts.

    >>> million = {"format.large_from": "1000000", "format.large": "{number} million"}
    >>> amount(5e6, million), amount(2_000.0, million), amount(0.5, million)
    ('5 million', '2,000', '0.5')
    """
    large = float(words["format.large_from"])
    if abs(value) >= large:
        return words["format.large"].format(number=f"{value / large:,g}").replace("-", MINUS)
    return decimals(value, 0) if value.is_integer() else f"{value:g}".replace("-", MINUS)
