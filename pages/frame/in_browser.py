"""What only the browser can do: Streamlit's own words in the reader's language, the page's language, copying a link.

Streamlit has no translation of its own: what it says by itself, from "No results" to the menu of a table, is replaced
where it is drawn. The English texts of `streamlit.toml` are Streamlit's, word by word.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from pathlib import Path

import streamlit as st

from pages.words.catalogue import Catalogue, texts

SCRIPT = (Path(__file__).parent / "in_browser.js").read_text(encoding="utf-8")
# what the policy of scripts must know of it
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
STYLE, PAPER = Path(__file__).parent / "page.css", Path(__file__).parent / "print.css"
AREA = "streamlit."
PLACE = (
    '<i data-words="{words}" data-language="{language}" data-link-by-hand="{by_hand}"></i><script>{script}</script>'
)


def show(words: Catalogue) -> None:
    """Give the browser its script and the style of every page."""
    st.html(STYLE)
    st.html(PAPER)
    st.html(
        PLACE.format(
            words=escape(json.dumps(said_instead(words), ensure_ascii=False)),
            language=words.language,
            by_hand=escape(words.text("action.link_by_hand")),
            script=SCRIPT,
        ),
        unsafe_allow_javascript=True,
    )


def said_instead(words: Catalogue) -> dict[str, str]:
    """What is said in a language by what Streamlit says."""
    own = {text: texts(words.language)[key] for key, text in texts("en").items() if key.startswith(AREA)}
    return {**own, "Upload": words.text("data.choose_file")}
