"""What every page keeps in every state and every language."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Header, Markdown, Subheader, Title

from pages.words.catalogue import Catalogue, texts

from .conftest import seen

# in the data, names of things, or written so in Chinese too
LATIN = {"APP", "VIP", "IVR", "IT", "CSV", "Excel", "PowerPoint", "SQL", "English", "Satrace", "Holm", "Parquet",
         "CSAT", "FCR", "MB", "xlsx", "SATRACE_WAREHOUSE", "SATRACE_MODEL", "TOML", "SQLAlchemy", "JSON",
         "SPSS"}  # fmt: skip
LATIN |= {"BR", "OUT", "REL", "CMP"}  # the sample's rules, outages, releases and campaigns by their ids
# tests are called after persons
LATIN |= {"Welch", "Wald", "Fisher", "McNemar", "Mann", "Whitney", "Brunner", "Munzel", "Kruskal", "Wallis", "Cohen",
         "Hedges", "Cramér", "Cramer", "Cochran", "Armitage", "Wilcoxon", "NPS", "Games", "Howell", "Benjamini",
         "Hochberg", "CR", "Satterthwaite", "Newcombe", "Manski", "VIF", "LMG", "Johnson"}  # fmt: skip
KEYS = frozenset(texts("en"))


def title(language: str, page: str) -> str:
    return Catalogue.load(language).text(f"{page}.question")


def check(app: AppTest, language: str, page: str, *, silent: Collection[str] = ()) -> str:
    """What every page keeps in every state; answers with all its text. silent: charts whose rows are no segment."""
    text = seen(app)
    assert not app.exception and not app.error
    assert [t.value for t in app.title] == [title(language, page)]
    assert "Traceback" not in text and "NaN" not in text and "nan" not in text.split()
    assert "\\\\" not in text, "a name went through Markdown twice"
    assert not set(re.findall(r"\w+(?:\.\w+)+", text)) & KEYS
    assert not re.findall(r"\{[a-z_]+(?::[a-z_]*)?\}", text)
    assert [name for name in unanswered(app) if name.rpartition(".")[0] not in silent] == []
    levels = heading_levels(app)
    assert [(above, below) for above, below in pairwise([0, *levels]) if below > above + 1] == [], levels
    return text


def unanswered(app: AppTest) -> list[str]:
    """Charts whose marks do not answer to a click, but for those of spans of a number: no filter stands for those."""
    names = [chart.proto.id.split("-chart.")[1] for chart in app.get("plotly_chart") if "-chart." in chart.proto.id]
    return [name for name in names if not name.startswith(("dose.", "pair.scatter", "spark"))]


def heading_levels(app: AppTest) -> list[int]:
    """The levels of the headings, in the order of the page."""
    found = []
    for element in app.main:
        if isinstance(element, Title | Header | Subheader):
            found.append(int(element.tag[1]))
        elif isinstance(element, Markdown) and (mark := re.match("#+ ", element.value)):
            found.append(len(mark.group()) - 1)
    return found
