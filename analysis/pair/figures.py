"""The numbers of a pair, before they are put into sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.association.pairwise import PairCoefficient
from analysis.pair.picture import Picture
from analysis.pair.within import Strata
from analysis.stats.coefficient_names import UNSIGNED
from analysis.stats.coefficients import Association
from analysis.stats.intervals import SIGNIFICANCE
from data_access.warehouse.codes import Codes, Column


@dataclass(frozen=True, kw_only=True)
class PairFigures:
    """Rows that have both columns, their coefficient and picture, and coefficients in strata and with controls."""

    codes: Codes
    x: str
    y: str
    coefficient: PairCoefficient
    picture: Picture
    within: str
    of: str
    strata: Strata | None
    months: Strata | None
    partial: pd.DataFrame
    sql: str

    @property
    def whole(self) -> Association:
        return self.coefficient.association

    @property
    def signed(self) -> bool:
        """Whether the coefficient has a direction."""
        return self.whole.name not in UNSIGNED

    @property
    def sure(self) -> bool:
        return self.whole.p < SIGNIFICANCE

    @property
    def number(self) -> Column:
        """The column whose mean or share is reported."""
        return self.codes.columns[self.x if self.picture.swapped else self.y]

    @property
    def other(self) -> Column:
        return self.codes.columns[self.y if self.picture.swapped else self.x]

    @property
    def alone(self) -> pd.DataFrame:
        """The coefficient controlling for each candidate alone."""
        return self.partial[self.partial["given"] != ""]

    @property
    def together(self) -> pd.DataFrame:
        """The coefficient controlling for all candidates together, where there are several."""
        return self.partial[self.partial["given"] == ""]
