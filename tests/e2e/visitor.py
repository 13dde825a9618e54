"""A browser without a screen: one session of the app over its websocket, in Streamlit's own messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.pages.conftest import strings

PATIENCE_S = 120.0


class Visitor:
    """Opens pages one after the other and reads what comes, as a browser does that keeps its tab open."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._kept: set[str] = set()

    def open(self, page: str, **asked: str | Sequence[str]) -> list[ForwardMsg]:
        """A page by its address; everything sent until its run has ended."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.page_script_hash = calc_hash(page)
        message.rerun_script.query_string = urlencode(asked, doseq=True)
        message.rerun_script.context_info.locale = "en"
        message.rerun_script.cached_message_hashes.extend(self._kept)
        self._socket.send(message.SerializeToString())
        return list(self._until_the_end())

    def _until_the_end(self) -> Iterator[ForwardMsg]:
        while True:
            message = ForwardMsg.FromString(self._socket.recv(timeout=PATIENCE_S))  # type: ignore[arg-type]
            if message.metadata.cacheable:
                self._kept.add(message.hash)
            yield message
            if message.WhichOneof("type") == "script_finished" and not message.script_finished:
                return


@contextmanager
def visiting(server: str, cookie: str = "") -> Iterator[Visitor]:
    """A session of whoever has the cookie."""
    address = f"{server.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(
        address, subprotocols=[Subprotocol("streamlit")], max_size=None, ping_interval=None,
        additional_headers={"Cookie": cookie} if cookie else None,
    ) as socket:  # fmt: skip
        yield Visitor(socket)


def words(messages: Sequence[Message]) -> str:
    """Every text of a page."""
    return "\n".join(text for message in messages for text in strings(message))
