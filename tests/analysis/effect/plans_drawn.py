"""Plans drawn by chance: weeks of units before and after a start, with shocks that last, and a true effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.effect.history import History, laid_out
from data_access.selection import Period

START = date(2026, 6, 1)


@dataclass(frozen=True)
class Drawn:
    """Units of about `rate` answers a week, the first `treated` of them treated; weeks before and after."""

    units: int
    treated: int
    rate: float
    before: int
    after: int
    sd: float = 20.0
    shock: float = 1.0
    lasting: float = 0.4

    def sums(self, rng: np.random.Generator, effect: float) -> pd.DataFrame:
        """A row a unit and week, as `analysis.effect.did` has sums."""
        weeks, n = self.before + self.after, rng.poisson(self.rate * rng.uniform(0.7, 1.3, self.units)[:, None],
                                                         (self.units, self.before + self.after)) + 1  # fmt: skip
        shocks = self._shocks(rng, weeks)
        level = rng.normal(80, 4, self.units)[:, None] + rng.normal(0, 1, weeks)
        gained = effect * (np.arange(self.units)[:, None] < self.treated) * (np.arange(weeks) >= self.before)
        mean = level + shocks + gained + rng.normal(0, 1, n.shape) * self.sd / np.sqrt(n)
        squares = self.sd**2 * rng.chisquare(np.maximum(n - 1, 1)) * (n > 1)
        unit, week = (index.ravel() for index in np.indices(n.shape))
        w, wx = n.ravel().astype(float), (n * mean).ravel()
        vxx = squares.ravel() + wx**2 / w
        return pd.DataFrame({
            "day": [START + timedelta(weeks=int(i) - self.before) for i in week], "unit": [f"u{i}" for i in unit],
            "cluster": [f"u{i}" for i in unit], "stratum": "", "treated": unit < self.treated,
            "n": w, "w": w, "wx": wx, "v": w, "vx": wx, "vxx": vxx,
        })  # fmt: skip

    def _shocks(self, rng: np.random.Generator, weeks: int) -> np.ndarray:
        drawn = rng.normal(0, self.shock, (self.units, weeks))
        for i in range(1, weeks):
            drawn[:, i] = self.lasting * drawn[:, i - 1] + (1 - self.lasting**2) ** 0.5 * drawn[:, i]
        return drawn


def before(sums: pd.DataFrame) -> History:
    """What is known before the start."""
    rows = sums[sums["day"] < START]
    cells = rows.assign(name=rows["unit"], week=rows["day"].map(date.isoformat))
    return laid_out(cells, Period(min(rows["day"]), START))
