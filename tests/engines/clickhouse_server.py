"""ClickHouse's engine, from the package chdb-core, behind the HTTP that its server speaks: a process of its own.

    python -m tests.engines.clickhouse_server FOLDER

It prints its port on loopback and ends with its input. Users: `writer`, who may do everything, `reader`, whose
profile is readonly = 2, and `locked`, whose is 1 and who may change no setting. The settings of a request hold for
that one; KILL QUERY, limits of time and refusals to write are the engine's own. Users are told apart here: chdb has
none.
"""

from __future__ import annotations

import base64
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

USERS = {"writer": 0, "reader": 2, "locked": 1}
PASSWORD = "quite secret"
Settings = tuple[str, int, tuple[tuple[str, str], ...]]  # database, readonly, and those of a request
ERROR = re.compile(r"Code: (\d+)\.")
OF_TRANSPORT = {
    "database", "query", "query_id", "session_id", "session_timeout", "session_check", "wait_end_of_query",
    "client_protocol_version", "send_progress_in_http_headers", "http_headers_progress_interval_ms",
    "enable_http_compression", "buffer_size", "compress", "decompress", "quota_key", "role", "default_format",
}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """A request at a time on a handle of the engine that is in the same settings."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body go out together
    disable_nagle_algorithm = True
    folder = ""
    idle: ClassVar[dict[Settings, list[Any]]] = {}
    lock = threading.Lock()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        self._answer(200, b"Ok.\n")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b"".join(self._chunks())
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        name = self._user()
        if name is None:
            self._answer(403, b"Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)", error=516)
            return
        try:
            answer = self._asked(USERS[name], given, body)
        except Exception as error:  # the engine's own words
            code = ERROR.search(str(error))
            self._answer(500, str(error).encode(), error=int(code[1]) if code else 1)
            return
        self._answer(200, answer)

    def _chunks(self) -> Any:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _user(self) -> str | None:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        name, _, password = base64.b64decode(given).decode().partition(":")
        return name if name in USERS and password == PASSWORD else None

    def _asked(self, readonly: int, given: dict[str, str], body: bytes) -> bytes:
        settings = {name: value for name, value in given.items() if name not in OF_TRANSPORT}
        key = (given.get("database", "default"), readonly, tuple(sorted(settings.items())))
        with self.lock:
            kept = self.idle.setdefault(key, [])
            handle = kept.pop() if kept else None
        handle = handle or self._opened(*key)
        try:
            answer = self._run(handle, f"{given.get('query', '')}\n".encode() + body)
        except Exception:
            handle.close()  # one whose query was stopped says nothing to the next
            raise
        with self.lock:
            kept.append(handle)
        return answer

    def _opened(self, database: str, readonly: int, settings: tuple[tuple[str, str], ...]) -> Any:
        import chdb

        handle = chdb.connect(self.folder)
        handle.query(f"USE `{database}`", "Native")
        own = (("readonly", str(readonly)),) if readonly else ()
        for name, value in own + settings:
            handle.query(f"SET {name} = '{value}'", "Native")
        return handle

    def _run(self, handle: Any, query: bytes) -> bytes:
        """Rows to be written come as a file, which is how the engine alone reads them."""
        head, written, rows = query.partition(b"FORMAT Native\n")
        if not (written and head.lstrip().upper().startswith(b"INSERT")):
            return bytes(handle.query(query.decode(), "TabSeparated").bytes())
        file = Path(self.folder).parent / f"rows-{threading.get_ident()}"
        file.write_bytes(rows)
        try:
            handle.query(f"{head.decode()} FROM INFILE '{file}' FORMAT Native", "Native")
        finally:
            file.unlink()
        return b""

    def _answer(self, status: int, body: bytes, *, error: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-ClickHouse-Summary", "{}")
        if error:
            self.send_header("X-ClickHouse-Exception-Code", str(error))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serves until its input ends."""
    import chdb

    Handler.folder = sys.argv[1]
    kept = chdb.connect(Handler.folder)  # the engine stays while requests come and go
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    server.shutdown()
    for handles in Handler.idle.values():
        for handle in handles:
            handle.close()
    kept.close()


if __name__ == "__main__":
    main()
