"""Control charts: within which limits do the days of a process vary by themselves, and which day is beyond them?"""
