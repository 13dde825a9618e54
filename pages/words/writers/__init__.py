"""How does a result leave the command line? By the name of the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.writers.csv_text import to_csv
from pages.words.writers.json_text import to_json
from pages.words.writers.plain_text import to_text

WRITERS: Mapping[str, Callable[[Result, Catalogue], str]] = {"json": to_json, "csv": to_csv, "text": to_text}
