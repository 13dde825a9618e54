"""Which addresses of files was a browser told? Only those are its own, to bring a file to or to fetch one from.

Streamlit serves an address to whoever knows it. What it tells a browser goes through its socket, and is seen there.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ADDRESS = re.compile(r"(?:media|_stcore/upload_file)/[^?#]+$")
LIKELY = re.compile(rb"/media/|/_stcore/upload_file/")
MOST = 20_000  # the oldest are forgotten first
Owner = tuple[str | None, str | None]  # the browser and the person


class ToldAddresses:
    """Only ever used by the server's own loop, so nothing has to be locked."""

    def __init__(self) -> None:
        self._told: OrderedDict[tuple[Owner, str], None] = OrderedDict()

    def listen(self, owner: Owner, message: bytes) -> None:
        """Note the addresses in what is told to a browser."""
        for address in _addresses(message) if LIKELY.search(message) else ():
            self._told.pop((owner, address), None)
            self._told[owner, address] = None
        while len(self._told) > MOST:
            self._told.popitem(last=False)

    def knows(self, owner: Owner, path: str) -> bool:
        """Whether a browser that can be told from others was given this address, without the slash in front."""
        return owner[0] is not None and (owner, path) in self._told


def _addresses(message: bytes) -> Iterator[str]:
    """Where the server itself says one, not where a text of somebody looks like one."""
    told = ForwardMsg.FromString(message)
    said = [told.backend_operation_response.deferred_file.url, told.delta.new_element.download_button.url]
    for file in told.file_urls_response.file_urls:
        said += [file.upload_url, file.delete_url]
    for url in said:
        if found := ADDRESS.search(url):
            yield found[0]
