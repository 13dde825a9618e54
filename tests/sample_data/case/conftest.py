"""Cases with few contacts: every kind is what it is, only less of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from data_access.model_file import read_model
from data_access.training import Kind
from data_access.training_file import CONTACTS, MODEL
from data_access.warehouse import Warehouse, open_warehouse
from sample_data.case import make

FEW = 9_000


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Kind], Path]:
    """A small case of a kind, made once."""
    folder = tmp_path_factory.mktemp("cases")
    return lambda kind: make(folder, seed=7, difficulty=1, kind=kind, contacts=FEW)


def opened(folder: Path) -> Warehouse:
    return open_warehouse(folder / CONTACTS, read_model(folder / MODEL))
