"""How does it vary, and will it meet its target? Two round signs, in the way of NHS England's Making Data Count.

Blue is better, orange worse, grey neither; a letter says which way, so that nothing rests on colour. Words stand in
the sign's title.
"""

from __future__ import annotations

from html import escape

from analysis.monitor.charts.icons import Assurance, Variation
from pages.charts.look import FONT, Look

_RISING, _FALLING = ((16, 44), (27, 38), (38, 30), (49, 20)), ((16, 20), (27, 26), (38, 36), (49, 44))
_WAVE = "M12 36 C18 22 24 22 31 32 S45 44 53 28"


def variation_icon(variation: Variation, look: Look, *, size: int = 40) -> str:
    """An SVG picture of how the latest days vary; its words stand under `control_chart.variation`."""
    kind, _, way = variation.value.partition("_")
    colour = _colour(look, {"improving": "gain", "concerning": "loss"}.get(kind, ""))
    if not way:
        inside = _path(_WAVE, colour) + _dots(((17, 28), (31, 32), (46, 36)), colour)
    else:
        points = _RISING if way == "high" else _FALLING
        line = "M" + " L".join(f"{x} {y}" for x, y in points)
        letter = look.catalogue.text(f"control_chart.letter.{way}")
        inside = _path(line, colour) + _dots(points, colour) + _letter(letter, 21 if way == "high" else 44, 27, look)
    return _round(inside, colour, look, f"variation.{variation.value}", size)


def assurance_icon(assurance: Assurance, look: Look, *, size: int = 40) -> str:
    """An SVG picture of whether the target will be met; empty without one."""
    if assurance is Assurance.NO_TARGET:
        return ""
    kinds = {Assurance.PASSING: "gain", Assurance.FAILING: "loss"}
    colour = _colour(look, kinds.get(assurance, ""))
    aim = f'<path d="M10 33 H55" stroke="{look.palette.quiet}" stroke-width="2" stroke-dasharray="4 3"/>'
    if assurance is Assurance.HIT_OR_MISS:
        inside = aim + _path(_WAVE, colour) + _letter("?", 32, 24, look)
    else:
        is_above = (assurance is Assurance.PASSING) != look.lower_better
        letter = look.catalogue.text(f"control_chart.letter.{assurance.value}")
        wave = f"M12 {22 if is_above else 45} q6 -7 13 0 t13 0 t14 -2"
        inside = aim + _path(wave, colour) + _letter(letter, 32, 52 if is_above else 27, look)
    return _round(inside, colour, look, f"assurance.{assurance.value}", size)


def _colour(look: Look, verdict: str) -> str:
    return {"gain": look.palette.gain, "loss": look.palette.loss}.get(verdict, look.palette.neutral)


def _path(line: str, colour: str) -> str:
    return f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="3" stroke-linejoin="round"/>'


def _dots(points: tuple[tuple[int, int], ...], colour: str) -> str:
    return "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>' for x, y in points)


def _letter(letter: str, x: int, y: int, look: Look) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" font-family="{FONT}" font-size="18" font-weight="700" '
        f'fill="{look.palette.ink}">{escape(letter)}</text>'
    )


def _round(inside: str, colour: str, look: Look, key: str, size: int) -> str:
    title, px = escape(look.catalogue.text(f"control_chart.{key}")), round(look.px(size))
    ring = f'<circle cx="32" cy="32" r="29" fill="{look.palette.background}" stroke="{colour}" stroke-width="5"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="{px}" height="{px}" role="img" '
        f'aria-label="{title}"><title>{title}</title>{ring}{inside}</svg>'
    )
