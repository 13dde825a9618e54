"""`python app.py --workers 2`: what is said for one server counts for the proxy, and several workers stand behind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import cli_util, config
from streamlit.config_option import ConfigOption
from streamlit.web import bootstrap

from data_access.statement import BadInput, Problem
from pages.frame.door.address import below
from pages.frame.door.announce import in_terminal
from pages.frame.serving import served, workers
from pages.frame.serving.caddy import Site
from pages.frame.serving.served import Place
from pages.frame.serving.workers import LOCAL, WILDCARDS

PORTS = 100  # tried one after the other where none is said


def serve(
    script: str, arguments: Sequence[str], many: int, given: Mapping[str, Any], prepare: Callable[[], None]
) -> None:
    """Serve until this program is told to end. `given`: Streamlit's options; `prepare`: what is done once, before."""
    config._main_script_path = script  # settings that lie beside it count
    bootstrap.load_config_options(dict(given))
    try:
        _take_port()
        prepare()
        workers.serve(script, arguments, _site, many, partial(_tell, many))
    except Problem as problem:
        sys.exit(in_terminal().say(problem.statement))


def _take_port() -> None:
    """The port that is said; where none is, the first that is free."""
    place = served.place()
    if config.is_manually_set("server.port"):
        if not workers.is_free(place.address, place.port):
            raise BadInput("workers.port_taken", port=place.port)
        return
    free = (port for port in range(place.port, place.port + PORTS) if workers.is_free(place.address, port))
    config.set_option("server.port", next(free, place.port), ConfigOption.STREAMLIT_DEFINITION)


def _site(ports: Sequence[int]) -> Site:
    files = [st.get_option(name) for name in ("server.sslCertFile", "server.sslKeyFile")]
    if any(files) and not all(files):
        raise BadInput("workers.certificate")
    certificate = (Path(files[0]).absolute(), Path(files[1]).absolute()) if all(files) else None
    return Site(served.place(), ports, below(), certificate, int(st.get_option("server.maxUploadSize")))


def _tell(many: int) -> None:
    """Say where, and open a browser on a desktop."""
    place = served.place()
    shown = f"{_shown(place).url}{below()}"
    print(in_terminal().text("workers.ready", address=shown, workers=many), flush=True)
    if not st.get_option("server.headless"):
        cli_util.open_browser(shown)


def _shown(place: Place) -> Place:
    return replace(place, address=LOCAL) if place.address in WILDCARDS else place
