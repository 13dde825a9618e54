"""Who serves: tenure, training, load, complexity, and what lies in a team's own power."""
