"""A copy of all that people made here: written as one file, read back onto any store, or tried out by a rehearsal."""

from data_access.backup.archive import Manifest, written
from data_access.backup.rehearsing import Rehearsal, rehearsed
from data_access.backup.restoring import restored

__all__ = ["Manifest", "Rehearsal", "rehearsed", "restored", "written"]
