"""The 1,200 answers of the golden cases, behind models with and without clusters and weights."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.analysis.stats.golden import data

from .houses import OCTOBER, SEPTEMBER, house, months

MODEL = """
contact_id = "id"
customer_id = "customer"
{cluster}
time = {{ column = "at" }}
score = {{ column = "score10", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }}
[metrics]
resolved = {{ column = "resolved", values = [0, 1] }}
churn = {{ column = "churn", values = [0, 1], better = "low" }}
[drivers]
handle = {{ column = "handle_min", unit = "min", better = "low" }}
[dimensions]
channel = {{ column = "channel" }}
agent = {{ column = "agent" }}
two = {{ column = "two" }}
step = {{ column = "wait", level = "ordinal", order = ["1", "2", "3", "4", "5"] }}
"""
EXTRAS = {
    "plain": "",
    "agents": 'cluster = "agent"',
    "weighted": 'weight = { column = "weight", kind = "survey" }',
    "heavy": 'weight = { column = "heavy", kind = "survey" }',
}


@pytest.fixture(scope="module")
def csat() -> pd.DataFrame:
    """The 1,200 answers, P1 in September and P2 in October, each customer in both."""
    found = data("csat").assign(
        two=lambda r: np.where(r["channel"] == "phone", "phone", "other"), heavy=lambda r: 1000 * r["weight"]
    )
    later = found["period"] == "P2"
    found.loc[~later, "at"] = months(SEPTEMBER, int((~later).sum()))
    found.loc[later, "at"] = months(OCTOBER, int(later.sum()))
    return found.assign(customer=found.groupby("period").cumcount() % 500)


@pytest.fixture(scope="module")
def csat_as(csat: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The file alone, with agents as clusters, with survey weights, and with these a thousand times as large."""
    folder = tmp_path_factory.mktemp("csat")
    made = {
        name: house(folder / f"{name}.duckdb", MODEL.format(cluster=cluster), {"answers": csat})
        for name, cluster in EXTRAS.items()
    }
    yield SimpleNamespace(**made)
    for warehouse in made.values():
        warehouse.close()
