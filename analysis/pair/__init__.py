"""How are two columns associated in detail, and does the association hold when controlling for others?

The rows of the pair (`pair_rows`) give its picture (`picture`) and its coefficient within strata, by month and
controlling for other columns (`within`); `figures` holds the numbers and `findings` states them.
"""

from analysis.pair.pair_result import pair

__all__ = ["pair"]
