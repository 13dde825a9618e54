"""Workbooks, JSON and SPSS files turned into plain UTF-8 CSV, each in a process of its own.

The readers of these formats are large, some are compiled, and a file of a few kilobytes can make them ask for more
memory than there is. So `run` starts a process with a limit on memory and time: whatever happens to it, the caller
gets a folder of CSV files with what is known about them, or one sentence.
"""

from data_access.convert.run import Converted, Sheet, convert

__all__ = ["Converted", "Sheet", "convert"]
