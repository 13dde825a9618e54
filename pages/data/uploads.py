"""What becomes of an uploaded file."""

from __future__ import annotations

from pathlib import Path

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def put(upload: UploadedFile, file: Path) -> None:
    """Write an uploaded file to disk. From then on it takes no memory, and no room of what a session may bring."""
    file.write_bytes(upload.getbuffer())
    run = get_script_run_ctx()
    if run is not None and isinstance(run.uploaded_file_mgr, MemoryUploadedFileManager):
        run.uploaded_file_mgr.remove_file(run.session_id, upload.file_id)
