"""A small OpenID Connect provider on this machine: it lets everybody in as one person, at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "satrace-tests"


@contextmanager
def provider(claims: Mapping[str, Any]) -> Iterator[str]:
    """Serves the provider; yields the address of its metadata."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(claims))
    issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{issuer}/.well-known/openid-configuration"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(claims: Mapping[str, Any]) -> type[BaseHTTPRequestHandler]:
    key = RSAKey.generate_key(2048, {"kid": "tests", "use": "sig", "alg": "RS256"})
    nonces: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            path = urlsplit(self.path).path
            if path == "/authorize":
                code = f"code{len(nonces)}"
                nonces[code] = asked["nonce"]
                self.send_response(302)
                back = urlencode({"code": code, "state": asked["state"]})
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            elif path == "/keys":
                self._answer({"keys": [key.as_dict(private=False)]})
            else:
                self._answer(self._metadata())

        def do_POST(self) -> None:
            given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            now = int(time.time())
            said = {"iss": self._issuer(), "aud": CLIENT, "iat": now, "exp": now + 600,
                    "nonce": nonces[given["code"][0]], **claims}  # fmt: skip
            token = jwt.encode({"alg": "RS256", "kid": "tests"}, said, key)
            self._answer({"id_token": token, "access_token": "none", "token_type": "Bearer", "expires_in": 600})

        def _issuer(self) -> str:
            return f"http://{self.headers['Host']}"

        def _metadata(self) -> dict[str, Any]:
            places = {"authorization": "authorize", "token": "token"}
            return {
                "issuer": self._issuer(),
                **{f"{name}_endpoint": f"{self._issuer()}/{path}" for name, path in places.items()},
                "jwks_uri": f"{self._issuer()}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }

        def _answer(self, content: Mapping[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests' output is for the tests."""

    return Handler
