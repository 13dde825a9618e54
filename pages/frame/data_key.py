"""Which data does an answer hold for? The part of a cache key that all questions to the same data share."""

from __future__ import annotations

from dataclasses import dataclass

from data_access.warehouse import Warehouse


@dataclass(frozen=True)
class DataKey:
    """The data set, where it lies, what its columns mean, and its version."""

    dataset: str
    address: str
    model_hash: str
    version: str

    @staticmethod
    def of(dataset: str, warehouse: Warehouse, version: str) -> DataKey:
        return DataKey(dataset, warehouse.address, warehouse.model_hash, version)
