"""First-contact resolution."""
