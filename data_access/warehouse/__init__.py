"""The only SQL of the house: a few verbs over one table, each answered with a small frame."""

import pandas as pd

from data_access.warehouse.change_cells import ChangeCells
from data_access.warehouse.codes import Codes, Column
from data_access.warehouse.connection import Answer, Limits
from data_access.warehouse.coverage import Coverage
from data_access.warehouse.extent import Extent
from data_access.warehouse.source import open_warehouse
from data_access.warehouse.warehouse import Warehouse

__all__ = [
    "Answer", "ChangeCells", "Codes", "Column", "Coverage", "Extent", "Limits", "Warehouse", "open_warehouse",
]  # fmt: skip

# Frames here are small and many: words that lie in Arrow cost a third more in each step, names of columns included.
pd.set_option("mode.string_storage", "python")
