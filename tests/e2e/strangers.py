"""A client that is no browser: it speaks to the server's addresses and socket as whoever writes a script does."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

XSRF = "_streamlit_xsrf"


@dataclass(frozen=True)
class Session:
    """An open session by its socket."""

    socket: ClientConnection
    id: str

    def places(self, n: int) -> list[str]:
        """Ask where files may be brought to; none of them where that is not answered."""
        asked = {"request_id": "1", "file_names": ["f.csv"] * n, "session_id": self.id}
        self.socket.send(BackMsg(file_urls_request=asked).SerializeToString())
        self.socket.send(BackMsg(app_heartbeat=True).SerializeToString())
        while True:
            told = ForwardMsg.FromString(self.socket.recv(60))
            if told.WhichOneof("type") in ("file_urls_response", "heartbeat_ack"):
                return [urlsplit(file.upload_url).path.lstrip("/") for file in told.file_urls_response.file_urls]


class Stranger:
    """Somebody with the cookie that everybody gets, and without a sign-in."""

    def __init__(self, server: str) -> None:
        self.server, self._place = server, urlsplit(server)
        answer = self.ask("GET", "_stcore/health", own=False)
        self.token = answer.headers["set-cookie"].split(f"{XSRF}=")[1].split(";")[0]

    def ask(
        self, method: str, path: str, *, own: bool = True, body: bytes | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """One request; names of headers are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if own:
            given |= {"Cookie": f"{XSRF}={self.token}", "X-Xsrftoken": self.token}
        connection = http.client.HTTPConnection(str(self._place.hostname), self._place.port, timeout=60)
        connection.request(method, f"/{path}", body=body, headers=given)
        with closing(connection):
            answer = connection.getresponse()
            answer.read()
        return answer

    def upload(self, place: str, content: bytes) -> int:
        """What the server says to a file for a place."""
        head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
        body = head + content + b"\r\n--x--\r\n"
        kind = {"Content_Type": "multipart/form-data; boundary=x"}
        return self.ask("PUT", place, body=body, **kind).status

    @contextmanager
    def announced(self, place: str, size: int) -> Iterator[int | None]:
        """A file of which nothing but the size has come; yields the answer, if there is one already."""
        connection = http.client.HTTPConnection(str(self._place.hostname), self._place.port, timeout=60)
        connection.putrequest("PUT", f"/{place}")
        for name, value in self._said(size).items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.sock is not None
        connection.sock.settimeout(1)
        try:
            yield connection.getresponse().status
        except TimeoutError:
            yield None
        finally:
            connection.close()

    def _said(self, size: int) -> Mapping[str, str]:
        return {
            "Cookie": f"{XSRF}={self.token}",
            "X-Xsrftoken": self.token,
            "Content-Length": str(size),
            "Content-Type": "multipart/form-data; boundary=x",
        }

    @contextmanager
    def session(self, *messages: BackMsg) -> Iterator[Session]:
        """A session of its own, after it has said something and run the app once.

        All that comes is taken in, read or not: a socket with a full queue takes ten seconds to close.
        """
        place = self.server.replace("http", "ws")
        with connect(
            f"{place}/_stcore/stream", origin=self.server, subprotocols=["streamlit", self.token],
            additional_headers={"Cookie": f"{XSRF}={self.token}"}, max_size=None, max_queue=None,
        ) as socket:  # fmt: skip
            for message in messages:
                socket.send(message.SerializeToString())
            socket.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
            while True:
                told = ForwardMsg.FromString(socket.recv(60))
                if told.WhichOneof("type") == "new_session":
                    yield Session(socket, told.new_session.initialize.session_id)
                    return
