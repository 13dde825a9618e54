"""Starts the server: `python app.py`. Makes the sample first when it is needed, and wakes the app once it listens.

Streamlit takes a folder called `pages` for its older kind of app until a first run has told otherwise: the first deep
link after a restart would greet its reader with "page not found". So it is told before it starts. The wake-up runs
the app once without a browser, so that the first reader need not wait for what is loaded only once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import click
import streamlit as st
from starlette.middleware import Middleware
from streamlit import cli_util
from streamlit.runtime import get_instance
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli
from streamlit.web.server import server_util

from data_access.settings import Settings
from data_access.statement import Problem
from data_access.workshop.sqlite_file import begin_anew
from pages.frame import class_strip, health, logs, visitors, wall
from pages.frame.door import announce, opening
from pages.frame.door.address import LOOPBACK, own_addresses, own_names
from pages.frame.gate import Gate
from pages.frame.serving import behind_proxy, served, workers
from pages.frame.serving.only_proxied import KEY, OnlyProxied
from sample_data import make

LOG = logging.getLogger("satrace")
NEW_STORE, CLASS, NEW_PASSCODE = "--new-store", "--class", "--new-passcode"
OURS = (NEW_STORE, CLASS, NEW_PASSCODE)
WORKERS = "--workers"


def launch(script: str, arguments: Sequence[str]) -> None:
    """Serve the app until it is stopped; `arguments` are Streamlit's, as in --server.port 8502, and those of OURS.

    WORKERS, with a number, starts so many servers behind a proxy.
    """
    worker, arguments = _valued(arguments, workers.WORKER)
    said, arguments = _valued(arguments, WORKERS)
    try:
        many = workers.number(said)
        settings = Settings.from_environment(os.environ)
        logs.begin(settings.log)
        if worker:
            served.behind(worker)
        else:
            _prepare(settings, anew=NEW_STORE in arguments)
    except Problem as problem:
        sys.exit(_said_of(problem))
    PagesManager.uses_pages_directory = False
    classes, anew = settings if CLASS in arguments else None, NEW_PASSCODE in arguments
    asked = [argument for argument in arguments if argument not in OURS]
    opened = [] if worker else _opened(asked) if classes else _hosts(asked)
    run: Callable[..., None] = partial(_serve, script, partial(_begin, classes, anew=anew))
    if many:
        passed = [*([CLASS] if classes else []), *opened, *asked]
        run = partial(_serve_many, script, passed, many, partial(_open_door, classes, anew=anew))
    command = click.Command("app.py", params=cli.main_run.params, callback=run)
    command.main([script, *opened, *asked], prog_name="python app.py")


def _prepare(settings: Settings, *, anew: bool) -> None:
    """What is done once, however many workers are started."""
    if anew:
        begin_anew(settings.store_url)
    if settings.warehouse is None:
        make.main(["--folder", str(settings.data_folder)])
    if settings.open_scope:
        LOG.warning("SATRACE_OPEN_SCOPE=1: whoever signs in without a scope sees all data.")


def _valued(arguments: Sequence[str], name: str) -> tuple[str | None, list[str]]:
    """What an option of ours is given, "" where that is missing and None where it is not said; and all others."""
    left, value = [], None
    given = iter(arguments)
    for argument in given:
        if argument == name:
            value = next(given, "")
        elif argument.startswith(f"{name}="):
            value = argument.partition("=")[2]
        else:
            left.append(argument)
    return value, left


def _said_of(problem: Problem) -> str:
    """Why the server does not start, a line for each fault."""
    faults = [problem, *getattr(problem, "faults", ())]
    return "\n".join(announce.in_terminal().say(fault.statement) for fault in faults)


def _serve(
    script: str, begin: Callable[..., AbstractAsyncContextManager[None]], /, target: str, args: Sequence[str] = (),
    **options: Any,
) -> None:  # fmt: skip
    """Serve the script behind the gate, with Streamlit's options as its own command would take them."""
    own = [Middleware(OnlyProxied, key=os.environ[KEY])] if served.is_behind() else []
    routes = [class_strip.ROUTE, wall.ROUTE, health.ROUTE]
    st.App(script, lifespan=begin, routes=routes, middleware=[*own, Middleware(Gate)]).run(config=_given(options))


def _serve_many(
    script: str, arguments: Sequence[str], many: int, prepare: Callable[[], None], /, target: str,
    args: Sequence[str] = (), **options: Any,
) -> None:  # fmt: skip
    """The same by several workers, each of which is given these arguments."""
    behind_proxy.serve(script, arguments, many, _given(options), prepare)


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", ".", 1): value for name, value in options.items() if value not in (None, ())}


@asynccontextmanager
async def _begin(classes: Settings | None, app: st.App, *, anew: bool) -> AsyncIterator[None]:
    """Run the app once without a browser, and open one on a desktop. `classes`: of a server that holds classes."""
    if served.is_behind() and classes and not visitors.sign_in_configured():
        opening.open_door(classes)
    elif not served.is_behind():
        _open_door(classes, anew=anew)
    for name in visitors.closed_services():
        LOG.warning("[auth.%s] lets nobody in: write satrace_roles and satrace_scope there.", name)
    waking = asyncio.create_task(get_instance().does_script_run_without_error())
    if not st.get_option("server.headless"):
        cli_util.open_browser(server_util.get_url(server_util.get_display_address(st.get_option("server.address"))))
    yield
    waking.cancel()


def _open_door(settings: Settings | None, *, anew: bool) -> None:
    """Let a class in by its code, and say so; where people sign in, they do so as always."""
    if settings is None:
        return
    if visitors.sign_in_configured():
        LOG.warning("--class: sign-in is configured, so people sign in and join a class on its page.")
        return
    announce.tell(opening.open_door(settings, anew=anew), is_said=bool(settings.passcode))


def _opened(arguments: Sequence[str]) -> list[str]:
    """A class comes from the local network, by this machine's own addresses and names and those that are said."""
    said = _said(arguments)
    listens = [] if "server.address" in said or "server_address" in said else ["--server.address", "0.0.0.0"]
    own = [*LOOPBACK, *own_addresses(), *own_names()]
    if "server_allowed_hosts" in said:
        own += os.environ.get("STREAMLIT_SERVER_ALLOWED_HOSTS", "").split()
    return [*listens, *(part for host in own for part in ("--server.allowedHosts", host))]


def _hosts(arguments: Sequence[str]) -> list[str]:
    """Who listens to others is called by names that only a person knows: any is let in unless they are said."""
    said = _said(arguments)
    is_served = "server.address" in said or "server_address" in said
    is_named = "allowedhosts" in said or "allowed_hosts" in said
    return ["--server.allowedHosts", "*"] if is_served and not is_named else []


def _said(arguments: Sequence[str]) -> str:
    """The options of the server that are said, here or in the environment."""
    return " ".join([*arguments, *(name for name in os.environ if name.startswith("STREAMLIT_SERVER_"))]).lower()
