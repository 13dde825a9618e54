"""MySQL and MariaDB: they have no GROUPING SETS."""

from __future__ import annotations

from data_access.warehouse.dialects.base import Dialect


class MySQL(Dialect):
    """Not checked on a server of its own."""

    name = "mysql"
    has_grouping_sets = False
