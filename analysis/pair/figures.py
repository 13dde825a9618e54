"""What was found about a pair, before it is told."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.association.pairwise import Related
from analysis.pair.picture import Picture
from analysis.pair.within import Strata
from analysis.stats.association import UNSIGNED, Association
from analysis.stats.intervals import SIGNIFICANCE
from data_access.warehouse.codes import Codes, Column


@dataclass(frozen=True)
class Pair:
    """Rows that know both columns, their coefficient and picture, and what became of it in parts and held fixed."""

    codes: Codes
    x: str
    y: str
    related: Related
    picture: Picture
    within: str
    of: str
    strata: Strata | None
    months: Strata | None
    partial: pd.DataFrame
    sql: str

    @property
    def whole(self) -> Association:
        return self.related.association

    @property
    def signed(self) -> bool:
        """Whether the coefficient says which way they go together."""
        return self.whole.name not in UNSIGNED

    @property
    def sure(self) -> bool:
        return self.whole.p < SIGNIFICANCE

    @property
    def number(self) -> Column:
        """The column whose mean or share is told."""
        return self.codes.columns[self.x if self.picture.swapped else self.y]

    @property
    def other(self) -> Column:
        return self.codes.columns[self.y if self.picture.swapped else self.x]

    @property
    def alone(self) -> pd.DataFrame:
        """What became of it with each candidate alone held fixed."""
        return self.partial[self.partial["given"] != ""]

    @property
    def together(self) -> pd.DataFrame:
        """With all candidates held fixed, where there are several."""
        return self.partial[self.partial["given"] == ""]
