"""Files of data brought by a user: read into a table, and a semantic model drafted for it."""

from data_access.files.load import load_file, table_name
from data_access.files.options import LoadedColumn, LoadedFile, ReadOptions

__all__ = ["LoadedColumn", "LoadedFile", "ReadOptions", "load_file", "table_name"]
