"""Quality checks, beside the survey and among agents."""
