"""All measures on one board."""
