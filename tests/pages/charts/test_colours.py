"""Can the colours of charts be told apart by everybody? Deficient sight simulated, differences by CIEDE2000.

Machado, Oliveira and Fernandes 2009, severity 1, in linear RGB. Two marks that a chart sets side by side and that
nothing else tells apart must differ by at least `LEAST`; what is told apart by a second sign is named with it.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest

from pages.charts.control import _point
from pages.charts.look import DARK, LIGHT, Look, Palette
from pages.words.catalogue import Catalogue

LEAST = 10.0  # a difference seen at a glance
SIGHT = {
    "normal": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
APART = (  # what one chart sets side by side, and each on its ground
    ("loss", "gain"), ("loss", "neutral"), ("gain", "neutral"), ("loss", "brand"), ("neutral", "brand"),
    ("brand", "brand_pale"), ("brand_pale", "background"), *((mark, "background") for mark in (
        "loss", "gain", "neutral", "brand", "ink", "quiet", "loss_text", "gain_text")),
)  # fmt: skip
# a gain and the brand are one blue to some: a gain is a triangle or a bar there, the brand a line (`charts.control`)
TOLD_BY_SHAPE = ("gain", "brand")
Lab = tuple[float, float, float]
Colours = npt.NDArray[np.float64]


def linear(colour: str) -> Colours:
    value = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(colour: str, sight: str) -> Colours:
    """CIELAB (D65) of a colour as somebody of this sight sees it."""
    seen = np.clip(SIGHT[sight] @ linear(colour), 0, 1)
    xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                    [0.0193339, 0.1191920, 0.9503041]]) @ seen / np.array([0.95047, 1.0, 1.08883])  # fmt: skip
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: Colours, two: Colours) -> float:
    """The difference of two colours (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(c7 / (c7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = (h1 + h2) if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = (1 - 0.17 * np.cos(np.radians(hm - 30)) + 0.24 * np.cos(np.radians(2 * hm))
         + 0.32 * np.cos(np.radians(3 * hm + 6)) - 0.20 * np.cos(np.radians(4 * hm - 63)))  # fmt: skip
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2)))) * 2 * np.sqrt(cm**7 / (cm**7 + 25.0**7))
    light, chroma, hue = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(light**2 + chroma**2 + hue**2 + rt * chroma * hue))


def difference(one: str, two: str, sight: str) -> float:
    return ciede2000(lab(one, sight), lab(two, sight))


@pytest.mark.parametrize(
    ("one", "two", "known"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ],
)
def test_the_difference_is_that_of_the_published_cases(one: Lab, two: Lab, known: float) -> None:
    assert ciede2000(np.array(one, dtype=float), np.array(two, dtype=float)) == pytest.approx(known, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("palette", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
def test_what_stands_side_by_side_is_told_apart_by_every_sight(palette: Palette, sight: str) -> None:
    near = {
        (one, two): round(found, 1)
        for one, two in APART
        if (found := difference(getattr(palette, one), getattr(palette, two), sight)) < LEAST
    }
    assert near == {}


def test_a_second_sign_is_needed_for_a_gain_beside_the_brand() -> None:
    """In the dark the two blues are near: whoever draws a gain as a line beside the average would mislead."""
    one, two = (getattr(DARK, name) for name in TOLD_BY_SHAPE)
    assert min(difference(one, two, sight) for sight in SIGHT) < LEAST
    day = SimpleNamespace(variation="improving_high", state="judged")
    assert _point(Look(Catalogue.load("en"), dark=True), day)["symbol"] == "triangle-up"
