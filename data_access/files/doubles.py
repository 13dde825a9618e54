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

ROWS, CELLS = 5_000, 2_000_000
MOST_ANSWERS = 11  # different values of an answer on a scale
MOST_PARTS = 40
LEAST = 30  # rows that a rule must hold for beyond those that make it
NEARLY_ALL = 0.9
EXACT = 1e-6
SAME = 1e-9  # a sum of squares, in spreads of the column: no difference
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
    most = max(min(ROWS, CELLS // len(asked)), 2 * LEAST)
    query = sa.select(*(rows.c[name].label(f"c{i}") for i, name in enumerate(asked))).limit(most)
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
    columns = np.column_stack(list(said.values()))
    return [
        Double(name, (answer,))
        for answer in answers
        for name, may in zip(said, _may_follow(columns, said[answer]), strict=True)
        if may and name != answer and _follows(said[name], said[answer], ordered=name not in words)
    ]


def _may_follow(columns: npt.NDArray[np.intp], answer: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which columns have one value, or none, for each value of an answer, and are no constant: all at one look."""
    most = columns.max(axis=0)
    lowest = np.where(columns < 0, most, columns)
    may: npt.NDArray[np.bool_] = lowest.min(axis=0) < most
    for value in range(int(answer.max()) + 1):
        rows = answer == value
        known = columns[rows] >= 0
        least = np.where(known, columns[rows], most).min(axis=0)
        may &= ~known.any(axis=0) | (least == columns[rows].max(axis=0))
    return may


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
    with np.errstate(all="ignore"):  # of numbers too great to be squared nothing is said
        r = _correlations(table, answers)
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


def _correlations(table: Mapping[str, Floats], answers: Sequence[str]) -> dict[tuple[str, str], float]:
    """Pearson's r of each answer with each column, of the rows that know both; 0 where there is none."""
    columns = np.column_stack(list(table.values()))
    known = np.isfinite(columns)
    n = np.maximum(known.sum(axis=0), 1)
    apart = np.where(known, columns, 0)
    for _ in range(2):  # the mean of great numbers is found less exactly than they are
        apart = np.where(known, apart - apart.sum(axis=0) / n, 0)
    spread = np.sqrt((apart**2).sum(axis=0) / n)
    apart = apart / np.where(spread > 0, spread, 1)  # else the squares of great numbers lose their small ones
    places = [list(table).index(answer) for answer in answers]
    mine, there = apart[:, places], known[:, places].T.astype(float)
    rows = there @ known
    both = np.maximum(rows, 1)
    sums = mine.T @ known, there @ apart
    spreads = (mine**2).T @ known - sums[0] ** 2 / both, there @ apart**2 - sums[1] ** 2 / both
    varies = (rows >= LEAST) & (spreads[0] > SAME) & (spreads[1] > SAME)
    scale = np.sqrt(np.where(varies, spreads[0] * spreads[1], 1))
    found = np.where(varies, (mine.T @ apart - sums[0] * sums[1] / both) / scale, 0)
    return {(a, b): float(found[i, j]) for i, a in enumerate(answers) for j, b in enumerate(table)}


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
