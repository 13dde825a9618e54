"""Numbers of R 4.2.2 and the data behind them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "golden"


class Case:
    """One golden case: its inputs, and whether a number agrees within the tolerance written into it."""

    def __init__(self, name: str) -> None:
        self._case: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
        self.inputs: dict[str, Any] = self._case["inputs"]
        self.expected: dict[str, Any] = self._case["expected"]

    def near(self, key: str) -> Any:
        """The expected number (or numbers) of a key, for `==`."""
        return self.close(self.expected[key])

    def close(self, expected: Any) -> Any:
        return pytest.approx(expected, **self._case["tolerance"])


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")
