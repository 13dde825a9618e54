"""What every page keeps in every state and every language."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from pages.words.catalogue import Catalogue, texts

from .conftest import seen

# in the data, names of things, or written so in Chinese too
LATIN = {"APP", "VIP", "IVR", "IT", "CSV", "Excel", "SQL", "English", "Satrace", "Holm", "Parquet", "CSAT", "FCR",
         "MB", "xlsx", "SATRACE_WAREHOUSE", "SATRACE_MODEL", "TOML", "SQLAlchemy", "JSON", "SPSS"}  # fmt: skip
LATIN |= {"BR", "OUT", "REL", "CMP"}  # the sample's rules, outages, releases and campaigns by their ids
# tests are called after persons
LATIN |= {"Welch", "Wald", "Fisher", "McNemar", "Mann", "Whitney", "Brunner", "Munzel", "Kruskal", "Wallis", "Cohen",
         "Hedges", "Cramér", "Cramer", "Cochran", "Armitage", "Wilcoxon", "NPS", "Games", "Howell", "Benjamini",
         "Hochberg", "CR", "Satterthwaite", "Newcombe", "Manski", "VIF", "LMG", "Johnson"}  # fmt: skip
KEYS = frozenset(texts("en"))


def title(language: str, page: str) -> str:
    return Catalogue.load(language).text(f"{page}.question")


def check(app: AppTest, language: str, page: str) -> str:
    """What every page keeps in every state; answers with all of its text."""
    text = seen(app)
    assert not app.exception and not app.error
    assert [t.value for t in app.title] == [title(language, page)]
    assert "Traceback" not in text and "NaN" not in text and "nan" not in text.split()
    assert not set(re.findall(r"\w+(?:\.\w+)+", text)) & KEYS
    assert not re.findall(r"\{[a-z_]+(?::[a-z_]*)?\}", text)
    return text
