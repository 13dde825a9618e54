"""Which columns say again what others say? Sums and averages of answers, and answers written in another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from data_access.files.scales import far_codes
from data_access.files.score_words import is_verdict

ROWS = 5_000
MOST_ANSWERS = 11  # different values of an answer on a scale
MOST_PARTS = 40
LEAST = 30  # rows that a rule must hold for beyond those that make it
NEARLY_ALL = 0.9
EXACT = 1e-6
ALIKE = 0.9999  # correlation of a column with itself, rounded
SLIGHT = 0.02  # of the greatest weight: no part

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Double:
    """A column that follows from others: from one answer alone, or as the sum or average of several."""

    column: str
    of: tuple[str, ...]

    @property
    def note(self) -> str:
        """The key of the text that says why the column is left out."""
        return "draft.is_double" if len(self.of) == 1 else "draft.is_sum"


def doubles(
    connection: sa.Connection, rows: sa.Subquery, numbers: Mapping[str, int], words: Mapping[str, Sequence[str]]
) -> tuple[Double, ...]:
    """Columns that follow from others. numbers: columns and how many different values each has; words: and which."""
    answers = [name for name, distinct in numbers.items() if 3 <= distinct <= MOST_ANSWERS + 3][:MOST_PARTS]
    few = [name for name, values in words.items() if 2 <= len(values) <= MOST_ANSWERS and is_verdict(values)]
    asked = [*numbers, *few]
    if not answers or len(asked) < 2:
        return ()
    query = sa.select(*(rows.c[name].label(f"c{i}") for i, name in enumerate(asked))).limit(ROWS)
    fetched = pd.DataFrame(connection.execute(query).all(), columns=asked)
    if len(fetched) < LEAST:
        return ()
    table = {name: _without_codes(fetched[name]) for name in numbers}
    said = {name: pd.factorize(fetched[name], sort=True)[0] for name in asked if name in few or numbers[name] <= 100}
    return (*_written_again(said, answers, few), *_sums(table, answers))


def _without_codes(column: pd.Series) -> Floats:
    """The numbers of a column, NaN where it holds a code for no answer."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(float)
    values, times = np.unique(numbers[np.isfinite(numbers)], return_counts=True)
    codes = far_codes(list(zip(values.tolist(), times.tolist(), strict=True)))
    return np.where(np.isin(numbers, codes), np.nan, numbers)


def _written_again(
    said: Mapping[str, npt.NDArray[np.intp]], answers: Sequence[str], words: Sequence[str]
) -> list[Double]:
    """Columns with one value for each value of an answer, words that judge or numbers that rise with it or fall."""
    return [
        Double(name, (answer,))
        for answer in answers
        for name, others in said.items()
        if name != answer and _follows(others, said[answer], ordered=name not in words)
    ]


def _follows(column: npt.NDArray[np.intp], answer: npt.NDArray[np.intp], *, ordered: bool) -> bool:
    """Whether each value of an answer goes with one value of a column, in the order of both or against it."""
    known = (answer >= 0) & (column >= 0)
    if known.sum() < max(LEAST, NEARLY_ALL * (answer >= 0).sum()):
        return False
    held = column[known]
    _, first, places, times = np.unique(answer[known], return_index=True, return_inverse=True, return_counts=True)
    mine = held[first]
    steps = np.diff(mine)
    in_order = not ordered or bool((steps >= 0).all() or (steps <= 0).all())
    sure = len(mine) >= 3 and len(set(mine)) >= 2 and int((times - 1).sum()) >= LEAST
    return sure and in_order and bool((held == mine[places]).all())


def _sums(table: Mapping[str, Floats], answers: Sequence[str]) -> list[Double]:
    """Columns that add up answers, each with a weight of its own above 0."""
    r = {(one, other): _correlation(table[one], table[other]) for one in answers for other in table}
    found = []
    for name, total in table.items():
        parts = _parts(r, [answer for answer in answers if answer != name], name)
        weights = _weights(total, [table[part] for part in parts]) if len(parts) > 1 else None
        if weights is not None:
            of = tuple(part for part, weight in zip(parts, weights, strict=True) if weight > 0)
            found.append(Double(name, of))
    return [double for double in found if len(double.of) > 1]


def _parts(r: Mapping[tuple[str, str], float], answers: Sequence[str], total: str) -> list[str]:
    """Answers that may be parts of a sum: they grow with it, and none is the sum or another of them over again."""
    found: list[str] = []
    for answer in answers:
        alike = max((r[answer, other] for other in found), default=0)
        if 0 < r[answer, total] < ALIKE and alike < ALIKE:
            found.append(answer)
    return found


def _correlation(one: Floats, other: Floats) -> float:
    """Pearson's r of the rows that know both; 0 where there is none."""
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < LEAST or np.ptp(one[known]) == 0 or np.ptp(other[known]) == 0:
        return 0.0
    return float(np.corrcoef(one[known], other[known])[0, 1])


def _weights(total: Floats, parts: Sequence[Floats]) -> Floats | None:
    """The weights by which a column is the sum of others exactly; None where it is not, or one is below 0."""
    matrix = np.column_stack(parts)
    known = np.isfinite(matrix).all(axis=1) & np.isfinite(total)
    if known.sum() < LEAST + matrix.shape[1]:
        return None
    design = np.column_stack([matrix[known], np.ones(int(known.sum()))])
    weights, _, rank, _ = np.linalg.lstsq(design, total[known], rcond=None)
    off = np.abs(design @ weights - total[known]).max()
    slight = SLIGHT * np.abs(weights[:-1]).max()
    if rank < design.shape[1] or off > _rounding(total[known]) or (weights[:-1] < -slight).any():
        return None
    return np.where(weights[:-1] > slight, weights[:-1], 0.0)


def _rounding(total: Floats) -> float:
    """How far a sum may lie from its parts: the last decimal of an average that was rounded to some."""
    exact = EXACT * max(1.0, float(np.abs(total).max()))
    for decimals in range(1, 4):
        unit = 10.0**-decimals
        rounded = np.abs(total / unit - np.rint(total / unit)).max() < EXACT * 10**decimals
        if rounded and unit <= total.std() / 5:
            return unit if np.abs(total - np.rint(total)).max() > EXACT else exact
    return exact


def repeated_by(found: Sequence[Double], score: str | None) -> dict[str, Double]:
    """Columns to leave out beside a score: those that say the score again, and sums of answers."""
    return {d.column: d for d in found if d.column != score and (d.of == (score,) or len(d.of) > 1)}
