"""How do two columns go together, looked at closely, and does it hold when others are held fixed?

The rows of the pair (`rows`) give its picture (`picture`), and the coefficient within strata, by month and with
candidates held fixed (`within`); `found` holds what came of it and `telling` says it.
"""

from analysis.pair.answer import pair

__all__ = ["pair"]
