"""How much of a file is taken in, so that none can hang or exhaust the machine.

What a small file may become is bounded by its size: data unpack to some twenty times of it, hardly ever to a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass

MB, GB = 1 << 20, 1 << 30
MOST_BYTES = 4 * GB  # of a file as it lies on disk or once unpacked
MOST_XML_BYTES = 1 * GB  # of a workbook once unpacked
MOST_JSON_BYTES = 512 * MB  # of JSON that must be held whole; JSON Lines are read one by one
MOST_COLUMNS = 2_000
MOST_CELLS = 60_000_000  # of a workbook: blank ones within the used area count
LONGEST_CELL = 32_767  # what Excel allows
LONGEST_LOOKED_AT = 200  # of a cell, before any pattern is tried on it
TIMES = 100  # a file may unpack to so many times its size
AT_LEAST = 32 * MB  # whatever its size
BLANKS_A_CELL, FEW_CELLS = 20, 4_000_000  # cells of a sheet's used area for each that says something; or so many


@dataclass(frozen=True)
class Allowed:
    """What reading a file may take: bytes of memory and of disk, seconds of processor and of waiting."""

    memory: int
    disk: int
    processor_s: int

    @property
    def wait_s(self) -> int:
        """Beside others that keep the processors busy."""
        return 5 * self.processor_s

    @property
    def reserved(self) -> int:
        """Bytes of memory that may be asked for; of a wide table hardly any of them is ever used."""
        return self.memory + 8 * GB

    @property
    def database_memory(self) -> int:
        """What the database may ask for before it works on disk."""
        return max(2 * GB, 2 * self.memory // 3)


def allowed(size: int) -> Allowed:
    """What a file of so many bytes may take.

    >>> allowed(0) == Allowed(memory=900 * MB, disk=2 * GB, processor_s=60), allowed(1 << 40).memory // GB
    (True, 6)
    """
    return Allowed(
        memory=min(900 * MB + 30 * size, 6 * GB),
        disk=min(2 * GB + 20 * size, 40 * GB),
        processor_s=min(60 + 4 * size // MB, 3600),
    )


def most_unpacked(size: int, most: int = MOST_BYTES) -> int:
    """How many bytes a packed file of this size may unpack to."""
    return min(most, max(AT_LEAST, TIMES * size))


class Refused(Exception):
    """A file that is not converted; `key` and `values` are those of the sentence that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values
