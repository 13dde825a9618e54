"""The six training cases of the taxonomy, each on data made from its figures."""

from sample_data.bank.build import CODES, make

__all__ = ["CODES", "make"]
