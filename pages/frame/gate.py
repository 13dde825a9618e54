"""What stands before the server's own addresses: who may reach them, how much they may bring, what answers carry.

Streamlit serves uploads, files to download and its cache to whoever connects; a sign-in is asked for by the app's
script only. So every address is closed here that a signed-out browser does not need.
"""

from __future__ import annotations

import asyncio

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from data_access.access import User, may_import
from pages.frame import headers, health, visitors
from pages.frame.door import join_page
from pages.frame.door.address import below
from pages.frame.door.entrance import JOIN, LEAVE, Entrance
from pages.frame.page_runs import Pages
from pages.frame.signed_out import SignedOut
from pages.frame.told_addresses import Owner, ToldAddresses
from pages.frame.upload_limits import UploadLimits

OPEN = ("_stcore/health", "_stcore/host-config", "_stcore/stream")
ALIVE = (OPEN[0], health.PATH)  # asked for by programs, by any name of the server
SIGN_OUT = "auth/logout"  # of Streamlit
UPLOAD, MEDIA = "_stcore/upload_file/", "media/"
CLOSED = ("_stcore/", "component/", MEDIA)  # but for what is open, and what a person who came in may have
SAID_BY_ANYBODY = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
SAID_BY_VISITORS = frozenset({*SAID_BY_ANYBODY, "file_urls_request", "deferred_file", "dataframe_chunk"})
OF_PAGES = (
    "static/",
    "app/static/",
    "favicon.png",
    "class-pulse",
    "meeting-pulse",
)  # what is fetched by a page, and is none
TRY_LATER, NOT_SO = 1013, 1008  # why a socket is closed
Refusal = tuple[int, str]


class Gate:
    """The outermost layer of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._limits = UploadLimits()
        self._told = ToldAddresses()
        self._signed_out = SignedOut()
        self._entrance = Entrance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._converse(scope, _without_others(scope, receive), self._overheard(scope, send))
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A session, from its first message to its last."""
        if _visitor(scope) is not None:
            await self._app(scope, receive, send)
            return
        if visitors.door():
            await send({"type": "websocket.close", "code": NOT_SO})
            return
        with self._signed_out.visit(str((scope.get("client") or ("",))[0])) as visit:
            await self._app(scope, _until(visit.ended, receive, send), _while_open(visit.ended, send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, door = _path(scope), visitors.door()
        if door and path in (JOIN, LEAVE) and _is_called_so(scope):
            await self._entrance.answer(door, path, scope, receive, headers.secured(scope, send, join_page.POLICY))
            return
        send = headers.secured(scope, send)
        if refusal := self._refusal(scope, path):
            await _refuse(refusal, scope, receive, send)
        elif door and path not in ALIVE and _visitor(scope) is None:
            await RedirectResponse(f"{below()}/{JOIN}", 303)(scope, receive, send)
        elif path.startswith(UPLOAD) and scope["method"] == "PUT":
            await self._upload(path, scope, receive, send)
        else:
            if path == SIGN_OUT:
                visitors.end(HTTPConnection(scope).cookies)
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope, path: str) -> Refusal | None:
        """Why a request is not answered; None for one that is, or is led to the door."""
        if path in ALIVE:
            return None
        if not _is_called_so(scope):
            return 403, "This server is not called by this name."
        user = _visitor(scope)
        if user is None and visitors.door():
            return None if _is_page(scope, path) else (403, "Not without having joined.")
        if path in OPEN or not path.startswith(CLOSED):
            return None
        if user is None:
            return 403, "Not without having signed in."
        may = path.startswith(MEDIA) or (path.startswith(UPLOAD) and may_import(user))
        return None if may and self._told.knows(_owner(scope), path) else (403, "Nothing of yours.")

    def _overheard(self, scope: Scope, send: Send) -> Send:
        """Sends on, and notes the addresses that a browser is told."""
        owner = _owner(scope)

        async def out(message: Message) -> None:
            if message["type"] == "websocket.send" and message.get("bytes"):
                self._told.listen(owner, message["bytes"])
            await send(message)

        return out

    async def _upload(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a file on as long as its session does not have too much already."""
        session, _, file = path.removeprefix(UPLOAD).partition("/")
        size = HTTPConnection(scope).headers.get("content-length", "")
        if not size.isdecimal():
            await _refuse((411, "The size of the file is missing."), scope, receive, send)
            return
        with self._limits.taken(session, file, int(size)) as fits:
            if fits:
                await self._app(scope, receive, send)
            else:
                await _refuse((413, "Too many or too large files in one session."), scope, receive, send)


def _path(scope: Scope) -> str:
    """The path below the app's own address, without the slash in front."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = str(scope["path"]).lstrip("/")
    return path.removeprefix(base).lstrip("/") if base else path


def _is_called_so(scope: Scope) -> bool:
    return is_host_allowed(HTTPConnection(scope).headers.get("host"))


def _is_page(scope: Scope, path: str) -> bool:
    """Whether somebody opens a page, who can be led to the door instead."""
    return scope["method"] in ("GET", "HEAD") and not path.startswith((*CLOSED, *OF_PAGES))


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    status, words = refusal
    await PlainTextResponse(words, status_code=status)(scope, receive, send)


def _visitor(scope: Scope) -> User | None:
    return visitors.visitor(HTTPConnection(scope).cookies)


def _owner(scope: Scope) -> Owner:
    cookies = HTTPConnection(scope).cookies
    return visitors.browser(cookies), visitors.person(cookies)


def _without_others(scope: Scope, receive: Receive) -> Receive:
    """What a browser says, without what would act on everybody: above all, nobody clears the caches of all.

    Who it is from is asked each time, for a sign-in may grow too old while a page is open.
    """
    pages = Pages()

    async def listen() -> Message:
        while True:
            message = await receive()
            said = _said(message) if message["type"] == "websocket.receive" else None
            if said is None:
                return message
            if not _may_say(scope, _meaning(said)):
                continue
            if said.WhichOneof("type") != "rerun_script" or not pages.correct(said.rerun_script):
                return message
            return {**message, "bytes": said.SerializeToString()}

    return listen


def _may_say(scope: Scope, meaning: str) -> bool:
    return meaning in SAID_BY_ANYBODY or (meaning in SAID_BY_VISITORS and _visitor(scope) is not None)


def _until(ended: asyncio.Event, receive: Receive, send: Send) -> Receive:
    """What a browser says until its session has to end, which both sides are told."""

    async def listen() -> Message:
        message, end = asyncio.ensure_future(receive()), asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait([message, end], return_when=asyncio.FIRST_COMPLETED)
        finally:
            end.cancel()
        if message.done():
            return message.result()
        message.cancel()
        await send({"type": "websocket.close", "code": TRY_LATER})
        return {"type": "websocket.disconnect", "code": TRY_LATER}

    return listen


def _while_open(ended: asyncio.Event, send: Send) -> Send:
    async def out(message: Message) -> None:
        if not ended.is_set():
            await send(message)

    return out


def _said(message: Message) -> BackMsg | None:
    """What a browser asks for; the server itself ends a connection that says something it cannot read."""
    said = BackMsg()
    try:
        said.ParseFromString(message.get("bytes") or b"")
    except Exception:  # protobuf's own, of one kind or another
        return None
    return said


def _meaning(said: BackMsg) -> str:
    kind = said.WhichOneof("type") or ""
    if kind == "backend_operation_request":
        return said.backend_operation_request.WhichOneof("payload") or ""
    return kind
