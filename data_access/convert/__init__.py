"""Workbooks, JSON and SPSS files turned into plain UTF-8 CSV.

The readers of these formats are large, some are compiled, and a file of a few kilobytes can make them ask for more
memory than there is. So this is done only in the process that reads a file apart (`data_access.files.apart`), which
has a limit on memory and time: whatever happens to it, there is a folder of CSV files or one sentence.
"""

from data_access.convert.run import Sheet, convert

__all__ = ["Sheet", "convert"]
