"""Which data does an answer hold for? The part of a cache key that all questions to the same data share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DataKey:
    """The data set, where it lies, what its columns mean, and its version: empty until it has been looked up."""

    dataset: str
    address: str
    model_hash: str
    version: str = ""
