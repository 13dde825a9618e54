"""The fixture of repeat contacts: its file, its model, and its first-contact resolution to the digit."""

from __future__ import annotations

from pathlib import Path

FIXTURE = Path(__file__).with_name("f2_repeat_contacts.csv")
MODEL = """
table = "data"
customer_id = "customer_id"
question = "business"
time = { column = "contacted_at", extracted = "extracted_at" }
score = { column = "score", scale = [1, 10] }
[repeats]
[dimensions]
business = { column = "business" }
"""
# first contacts, and per cent without a further one within 2, 24 and 48 hours: of any question, of the same
KNOWN = {"any": (2911, [94.0914, 86.5338, 82.2054]), "same": (3014, [95.6204, 89.7478, 86.3305])}
