"""Random tables of counts, and the rows behind them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

Table = npt.NDArray[np.float64]


@st.composite
def tables(draw: st.DrawFn, *, rows: int | None = None, columns: int | None = None, least: int = 2) -> Table:
    """Tables of at least `least` answers, of up to 6 x 6 values where the size is not given."""
    shape = [given or draw(st.integers(2, 6)) for given in (rows, columns)]
    size = shape[0] * shape[1]
    cells = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size).filter(lambda c: sum(c) >= least))
    return np.array(cells, dtype=float).reshape(shape)


def rows_of(table: Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The row and the column of every answer."""
    where = np.indices(table.shape).reshape(2, -1)
    x, y = np.repeat(where, table.ravel().astype(int), axis=1)
    return x, y
