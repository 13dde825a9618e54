"""Which data does an answer hold for? The part of a cache key that all questions to the same data share."""

from __future__ import annotations

from dataclasses import dataclass

from data_access.selection import Filter


@dataclass(frozen=True)
class DataKey:
    """The data set, where it lies, what its columns mean, whose part of it, and its version.

    scope: what the person who asks may see, so that nothing is ever shared between people of different rights.
    version: empty until it has been looked up.
    """

    dataset: str
    address: str
    model_hash: str
    scope: tuple[Filter, ...] = ()
    version: str = ""
