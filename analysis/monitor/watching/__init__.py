"""Many segments watched at once: what is watched, what is expected, evidence of a change, and what remains of it."""
