"""Where does a function cross zero? For many brackets at once, asking between the steps whether it may go on.

Chandrupatla 1997: bisection, but inverse quadratic interpolation where that is sure to be better. As exact as
`scipy.optimize.elementwise.find_root`, without its import and in a fraction of its time for few brackets.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.stats.intervals import NAN, Array
from analysis.stats.patience import go_on

MOST_STEPS = 200
EXACT = 4 * float(np.finfo(float).eps)


def roots(excess: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """The zero between each low and high; NaN where the function has no change of sign there.

    >>> roots(lambda x: x**2 - np.array([2.0, 9.0, 5.0]), np.zeros(3), np.array([2.0, 5.0, 1.0])).round(6)
    array([1.414214, 3.      ,      nan])
    """
    b, a = (np.array(end, dtype=float) for end in np.broadcast_arrays(low, high))
    fb, fa = excess(b), excess(a)
    with np.errstate(all="ignore"):
        bracketed = np.sign(fa) * np.sign(fb) <= 0
        part = np.full(a.shape, 0.5)
        for _ in range(MOST_STEPS):
            go_on()
            at = a + part * (b - a)
            found = excess(at)
            same = np.sign(found) == np.sign(fa)
            c, fc = np.where(same, a, b), np.where(same, fa, fb)
            b, fb = np.where(same, b, a), np.where(same, fb, fa)
            a, fa = at, found
            nearest, least = np.where(np.abs(fa) < np.abs(fb), (a, fa), (b, fb))
            room = EXACT * np.abs(nearest) / np.abs(b - a)
            if np.all((room > 0.5) | (least == 0) | (a == b) | ~bracketed):
                break
            part = np.clip(_next(a, b, c, fa, fb, fc), np.minimum(room, 0.5), 1 - np.minimum(room, 0.5))
    return np.where(bracketed, nearest, NAN)


def root(excess: Callable[[float], float], low: float, high: float) -> float:
    """`roots` of one bracket.

    >>> round(root(lambda x: x**3 - 8, 0.0, 10.0), 9)
    2.0
    """
    return float(roots(lambda x: np.array([excess(float(x[0]))]), np.array([low]), np.array([high]))[0])


def _next(a: Array, b: Array, c: Array, fa: Array, fb: Array, fc: Array) -> Array:
    """How far from a to b to look next."""
    xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
    curved = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    sure = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(curved)
    return np.where(sure, curved, 0.5)
