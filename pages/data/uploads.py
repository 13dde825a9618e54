"""The words of the places for files: Streamlit's own are English, whatever the language of the page."""

from __future__ import annotations

import json

import streamlit as st

from pages.frame.context import Frame

PLACE = "[data-testid=stFileUploaderDropzone]"
STYLE = """<style>
{place} button p {{font-size:0}}
{place} button p::after {{content:{words}; font-size:1rem}}
{place} [data-testid=stFileUploaderDropzoneInstructions] {{display: none}}
</style>"""


def speak(here: Frame) -> None:
    """Let every place for a file say in the page's language what it is for; sizes stand in the text above it."""
    st.html(STYLE.format(place=PLACE, words=json.dumps(here.text("data.choose_file"), ensure_ascii=False)))
