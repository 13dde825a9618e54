"""Rollups of a warehouse: which pay, how they are built, and what an engine's own would be."""
