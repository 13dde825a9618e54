"""Which coefficients say no direction? Apart from `coefficients`, for those who only write them."""

UNSIGNED = ("eta", "rank_epsilon", "cramers_v", "theils_u")
