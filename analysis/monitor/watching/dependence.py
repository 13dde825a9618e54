"""Do looks follow one another? A shift that lasts some days by chance is no change.

Looks with an autocorrelation r at a distance of one vary, summed over many, by (1 + r) / (1 - r) of what independent
ones do (Bartlett 1946). What goes on from look to look is of what looks vary by beyond their answers, so segments of
many answers show more of it. A segment's own estimate from a quarter is a guess; it is drawn to what segments with
looks of the same length say for such a part, by as much as they are alike (DerSimonian and Laird 1986).
"""

from __future__ import annotations

import numpy as np

from analysis.stats.intervals import Array

LEAST_LOOKS = 8  # of a segment that can say something of it
STEEPEST = 0.9  # autocorrelation beyond which a baseline of a quarter says nothing


def widened(z: Array, length: Array, ratio: Array) -> tuple[Array, Array]:
    """By how much sums of looks vary more than independent ones, by segment, at least 1; and its degrees of freedom.

    z: segments x days, NaN on days without a look. length: days of a look. ratio: variance of
    looks in that of their answers.
    """
    own = [_autocorrelation(row[np.isfinite(row)]) for row in z]
    r, n = np.array([one for one, _ in own]), np.array([float(looks) for _, looks in own])
    beyond = 1 - 1 / np.fmax(ratio, 1.0)
    found, error = np.zeros(len(r)), np.zeros(len(r))
    for days in np.unique(length):
        alike = np.flatnonzero((length == days) & (n >= LEAST_LOOKS))
        if len(alike):
            found[alike], error[alike] = _shrunk(r[alike], n[alike], beyond[alike])
    held = np.clip(found, 0.0, STEEPEST)
    factor = (1 + held) / (1 - held)
    mean_too = 1 / np.maximum(
        1 - (factor - 1) / np.maximum(n, 1.0), 0.5
    )  # deviations are from a mean that moves along
    log_error = 4 * error / (1 - held**2) ** 2
    return np.asarray(factor * mean_too), 2 / np.maximum(log_error, 1e-6)


def _autocorrelation(x: Array) -> tuple[float, int]:
    """At a distance of one look, less what a mean of so few takes from it (Marriott and Pope 1954); and the looks."""
    apart = x - x.mean() if len(x) else x
    squares = float(apart @ apart)
    if len(x) < LEAST_LOOKS or not squares > 0:
        return 0.0, 0
    r = float(apart[1:] @ apart[:-1]) / squares
    return r + (1 + 3 * r) / len(x), len(x)


def _shrunk(r: Array, n: Array, beyond: Array) -> tuple[Array, Array]:
    """Estimates drawn towards what is usual for their variance beyond that of the answers, and their own variance."""
    told = float(n @ beyond**2)
    usual = np.clip(float(n @ (beyond * r)) / told if told > 0 else 0.0, 0.0, 1.0) * beyond
    precision = n / np.maximum(1 - usual**2, 0.05)
    q, total = float(precision @ (r - usual) ** 2), float(precision.sum())
    left = total - float(precision @ precision) / total
    between = max(0.0, (q - (len(r) - 1)) / left) if left > 0 else 0.0
    part = between / (between + 1 / precision)
    return np.asarray(usual + part * (r - usual)), np.asarray(part / precision)
