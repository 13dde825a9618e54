"""Reaching an agent: answered, in time, at which hours."""
