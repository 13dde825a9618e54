"""Starts the server: `python app.py`. Makes the sample first when it is needed, and wakes the app once it listens.

Streamlit takes a folder called `pages` for its older kind of app until a first run has told otherwise: the first deep
link after a restart would greet its reader with "page not found". So it is told before it starts. The wake-up runs
the app once without a browser, so that the first reader need not wait for what is loaded only once.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from data_access.settings import Settings
from data_access.statement import Problem
from data_access.workshop.sqlite_file import begin_anew
from pages.words.catalogue import Catalogue
from sample_data import make

WAKE_S = 60.0
NEW_STORE = "--new-store"


def launch(script: str, arguments: Sequence[str]) -> None:
    """Serve the app until it is stopped; `arguments` are Streamlit's, as in --server.port 8502, and --new-store."""
    try:
        settings = Settings.from_environment(os.environ)
        if NEW_STORE in arguments:
            begin_anew(settings.store_url)
        if settings.warehouse is None:
            make.main(["--folder", str(settings.data_folder)])
    except Problem as problem:
        sys.exit(Catalogue.load("en").say(problem.statement))
    PagesManager.uses_pages_directory = False
    threading.Thread(target=_wake, daemon=True).start()
    cli.main(["run", script, *_hosts(arguments), *(argument for argument in arguments if argument != NEW_STORE)])


def _hosts(arguments: Sequence[str]) -> list[str]:
    """Who listens to others is called by names that only a person knows: any is let in unless they are said."""
    said = " ".join([*arguments, *(name for name in os.environ if name.startswith("STREAMLIT_SERVER_"))]).lower()
    is_served = "server.address" in said or "server_address" in said
    is_named = "allowedhosts" in said or "allowed_hosts" in said
    return ["--server.allowedHosts", "*"] if is_served and not is_named else []


def _wake() -> None:
    """Ask for the health check, which runs the script, as soon as the server answers."""
    started = time.monotonic()
    while time.monotonic() - started < WAKE_S:
        try:
            urllib.request.urlopen(_address(), timeout=WAKE_S).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


def _address() -> str:
    """Read anew each time: the command line's options are known only once the server starts."""
    path = "/".join(
        filter(None, [str(st.get_option("server.baseUrlPath")).strip("/"), "_stcore/script-health-check"])
    )
    return f"http://{st.get_option('server.address')}:{st.get_option('server.port')}/{path}"
