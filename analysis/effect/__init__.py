"""Did a remedy work? What it changed beyond what a control group shows, how sure that is, and what it would take."""
