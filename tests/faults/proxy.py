"""A line to a server that a test can make bad: slow, cut, cut in the middle of an answer, silent, refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

CHUNK = 65_536


class Proxy:
    """Listens on a port of loopback, passes on to a PostgreSQL server, and does so as badly as it is told.

    All is well at first. What is told holds for lines that are open and for those to come, until `heal`.
    """

    def __init__(self, server: str) -> None:
        self._server = sa.make_url(server)
        self._loop = asyncio.new_event_loop()
        self._lines: set[asyncio.StreamWriter] = set()
        self._open = asyncio.Event()  # bytes pass; else the line is silent, and nobody is told
        self._open.set()
        self._accepts, self._delay_s, self._left = True, 0.0, None
        self._delayed = b""
        self.lines = 0  # that were ever opened
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self._do(self._listen(0))
        self.port: int = self._listener.sockets[0].getsockname()[1]

    _left: int | None  # bytes of answers that still pass

    @property
    def url(self) -> str:
        """The address of the same database by this line."""
        through = self._server.set(host="127.0.0.1", port=self.port, query={})
        return through.render_as_string(hide_password=False)

    def cut(self) -> None:
        """Close every line that is open; others may be opened."""
        self._do(self._cut())

    def away(self) -> None:
        """Close every line, and refuse others."""
        self._do(self._stop())

    def slow(self, seconds: float, holds: bytes = b"") -> None:
        """Pass on what a client asks so much later; only what holds some bytes."""
        self._delay_s, self._delayed = seconds, holds

    def cut_after(self, count: int) -> None:
        """Pass on so many bytes of answers, then close the line in mid-answer."""
        self._left = count

    def silence(self) -> None:
        """Pass nothing on and close nothing: as when a cable is pulled behind a switch. Lines are still accepted."""
        self._do(self._set(False))

    def heal(self) -> None:
        """All is well again. Lines that were silent are dead: they close."""
        self._delay_s, self._left = 0.0, None
        if not self._open.is_set():
            self.cut()
            self._do(self._set(True))
        if not self._accepts:
            self._listener = self._do(self._listen(self.port))
            self._accepts = True

    def close(self) -> None:
        self.away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def _stop(self) -> None:
        self._accepts = False
        self._listener.close()
        await self._cut()

    async def _cut(self) -> None:
        for line in self._lines:
            line.transport.abort()
        self._lines.clear()

    async def _set(self, is_open: bool) -> None:
        (self._open.set if is_open else self._open.clear)()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        self._lines.add(writer)
        with suppress(OSError):
            await self._open.wait()
            behind, before = await self._reach()
            self._lines.add(before)
            await asyncio.gather(self._asked(reader, before), self._answered(behind, writer))

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = self._server.query.get("host")  # of a socket in the file system
        if folder:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._server.port or 5432}")
        return await asyncio.open_connection(self._server.host, self._server.port or 5432)

    async def _asked(self, client: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while part := await client.read(CHUNK):
            await self._open.wait()
            if self._delay_s and self._delayed in part:
                await asyncio.sleep(self._delay_s)
            server.write(part)
            await server.drain()
        server.close()

    async def _answered(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        while part := await server.read(CHUNK):
            await self._open.wait()
            if self._left is not None:
                part, self._left = part[: self._left], self._left - len(part)
            client.write(part)
            await client.drain()
            if self._left is not None and self._left <= 0:
                await self._cut()
                return
        client.close()


@contextmanager
def proxied(server: str) -> Iterator[Proxy]:
    proxy = Proxy(server)
    yield proxy
    proxy.close()
