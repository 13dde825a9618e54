"""Intelligent service: indicators, flows, transfers, hand-overs."""
