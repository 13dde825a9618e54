"""How much of a file is taken in, so that none can hang or exhaust the machine."""

from __future__ import annotations

MOST_BYTES = 4 << 30  # of a file as it lies on disk or once unpacked
MOST_XML_BYTES = 1 << 30  # of a workbook once unpacked
MOST_JSON_BYTES = 512 << 20  # of JSON that must be held whole; JSON Lines are read one by one
MOST_COLUMNS = 2_000
MOST_CELLS = 60_000_000  # of a workbook: blank ones within the used area count
LONGEST_CELL = 32_767  # what Excel allows
LONGEST_LOOKED_AT = 200  # of a cell, before any pattern is tried on it
MEMORY_BYTES = 6 << 30  # of the process that converts
PROCESSOR_S = 240
WAIT_S = 600


class Refused(Exception):
    """A file that is not converted; `key` and `values` are those of the sentence that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values
