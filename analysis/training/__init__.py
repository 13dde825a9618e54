"""How a class works on a case: how far a group is, how its answer is scored, how sure it was."""
