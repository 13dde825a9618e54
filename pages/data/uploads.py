"""The words of the places for files: Streamlit's own are English, whatever the language of the page."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

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


def put(upload: UploadedFile, file: Path) -> None:
    """Write an uploaded file to disk. From then on it takes no memory, and no room of what a session may bring."""
    file.write_bytes(upload.getbuffer())
    run = get_script_run_ctx()
    if run is not None and isinstance(run.uploaded_file_mgr, MemoryUploadedFileManager):
        run.uploaded_file_mgr.remove_file(run.session_id, upload.file_id)
