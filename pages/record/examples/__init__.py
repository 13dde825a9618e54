"""Finished examples: one trace for each cause planted in the sample, to be read and never to be changed."""
