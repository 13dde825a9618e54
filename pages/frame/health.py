"""Does the server live, and is it ready? What a proxy or a supervisor asks at /healthz, without a session.

/healthz says `ok` as long as the server answers at all. /healthz?ready looks at the store and the warehouse as well:
200 when both answer, else 503; it says which does not and nothing else of them.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data_access.readiness import Readiness, State
from data_access.statement import Problem
from pages.frame import open_data

PATH = "healthz"
_READINESS = Readiness()
NEVER_KEPT = {"Cache-Control": "no-store"}


async def health(request: Request) -> Response:
    """The answer to whoever asks, which needs no rights."""
    if "ready" not in request.query_params:
        return PlainTextResponse("ok", headers=NEVER_KEPT)
    try:
        found = await run_in_threadpool(_READINESS.look, open_data.settings())
    except Problem:
        found = {"settings": State.AWAY}
    is_ready = all(state is State.OK for state in found.values())
    return JSONResponse(dict(found), status_code=200 if is_ready else 503, headers=NEVER_KEPT)


ROUTE = Route(f"/{PATH}", health)
