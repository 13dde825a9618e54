"""The tour: seven steps from a number to a plan, each recognised by what a person really did."""
