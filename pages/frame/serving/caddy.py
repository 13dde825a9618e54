"""The proxy before several workers: Caddy, with a file of settings that is made for each start.

A browser stays with its worker by a cookie, for its session is held there. Codes and passcodes are all tried at one
worker, so that wrong ones are counted together. What clients say of themselves in X-Forwarded headers is believed
from FORWARDED_ALLOW_IPS only, this machine by default.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from data_access.statement import BadInput
from pages.frame.serving.only_proxied import HEADER, KEY
from pages.frame.serving.served import Place
from pages.words.catalogue import LANGUAGES, Catalogue

PROGRAM = "caddy"
COOKIE = "satrace_worker"
ONE_WORKER = ("join", "leave")  # the door
HEALTH = "/healthz"
EVERYBODY, NOBODY_ELSE = ("0.0.0.0/0", "::/0"), ("127.0.0.1/32", "::1/128")
IN_ENVIRONMENT = f"{{${KEY}}}"
OF_ALL = """{
	admin off
	auto_https off
	grace_period 3s
	log {
		level ERROR
	}
	servers {
		timeouts {
			read_header 10s
		}
	}
}
"""
ASKED_AGAIN_S = 5  # by the page that a browser gets while no worker answers


@dataclass(frozen=True)
class Site:
    """What the proxy serves. `certificate`: files of the certificate and its key; `upload_mb`: the largest body."""

    place: Place
    ports: Sequence[int]
    base: str = ""
    certificate: tuple[Path, Path] | None = None
    upload_mb: int = 200


def program() -> str:
    """Where Caddy is installed. Raises BadInput where it is not."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise BadInput("workers.no_proxy")
    return found


def settings_of(site: Site) -> str:
    """The Caddyfile. It holds no secret: the key that workers ask for stands in the environment."""
    parts = (OF_ALL, _worker(site), _address(site))
    return "".join(f"{line}\n" for part in parts for line in part.splitlines() if line.strip())


def _worker(site: Site) -> str:
    """How a worker is asked, and when it counts as away."""
    return f"""(worker) {{
	header_up {HEADER} {IN_ENVIRONMENT}
	health_uri {site.base}{HEALTH}
	health_headers {{
		{HEADER} {IN_ENVIRONMENT}
	}}
	health_interval 1s
	health_timeout 10s
	fail_duration 2s
	lb_try_duration 5s
	trusted_proxies {" ".join(_trusted(os.environ))}
	transport http {{
		dial_timeout 2s
	}}
}}
"""


def _address(site: Site) -> str:
    """What people reach, and which worker answers them."""
    everywhere = site.place.address in ("", "0.0.0.0", "::")
    tls = f"tls {_quoted(site.certificate[0])} {_quoted(site.certificate[1])}" if site.certificate else ""
    door = " ".join(f"{site.base}/{name}" for name in ONE_WORKER)
    return f"""{site.place.scheme}://:{site.place.port} {{
	{"" if everywhere else f"bind {site.place.address}"}
	{tls}
	request_body {{
		max_size {site.upload_mb + 1}MB
	}}
	header {{
		-Server
		Set-Cookie "^({COOKIE}=[^;]+).*$" "$1; Path=/; HttpOnly; SameSite=Lax{"; Secure" if tls else ""}"
		defer
	}}
	@door path {door}
	reverse_proxy @door {_upstreams(site.ports)} {{
		lb_policy first
		import worker
	}}
	reverse_proxy {_upstreams(site.ports)} {{
		lb_policy cookie {COOKIE} {IN_ENVIRONMENT}
		import worker
	}}
	handle_errors {{
		header Content-Type "text/html; charset=utf-8"
		header Cache-Control no-store
		respond {_quoted(_sorry())} {{http.error.status_code}}
	}}
}}
"""


def environment(folder: Path, key: str) -> Mapping[str, str]:
    """What Caddy runs with: it keeps nothing outside of a folder that ends with it."""
    return {**os.environ, KEY: key, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}


def _upstreams(ports: Sequence[int]) -> str:
    return " ".join(f"127.0.0.1:{port}" for port in ports)


def _trusted(environ: Mapping[str, str]) -> Sequence[str]:
    said = [one.strip() for one in environ.get("FORWARDED_ALLOW_IPS", "").split(",") if one.strip()]
    return EVERYBODY if "*" in said else said or NOBODY_ELSE


def _sorry() -> str:
    """What a browser shows while no worker answers: it asks again by itself."""
    said = "".join(f'<p lang="{one}">{escape(Catalogue.load(one).text("workers.away"))}</p>' for one in LANGUAGES)
    return (
        f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="{ASKED_AGAIN_S}">'
        f"<title>Satrace</title>{said}"
    )


def _quoted(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)
