"""The cookie of the door: only what this server signed says who somebody is."""

from __future__ import annotations

from pages.frame.door import cookie


def test_a_cookie_of_somebody_else_is_none() -> None:
    signer = cookie.Signer(b"k" * 32, "mark")
    ann, chen = cookie.participant("Ann"), cookie.instructor("Ms Chen")
    written = signer.written(ann)
    assert signer.user({cookie.NAME: written}) == ann
    assert (
        signer.user({cookie.NAME: signer.written(chen)})
        == chen
        == cookie.instructor(" ms  CHEN ").__class__(chen.id, chen.name, chen.roles)
    )
    assert cookie.instructor(" ms  CHEN ").id == chen.id
    for strange in ("", "x", written[:-2] + "AA", written.replace(".", "", 1), "x" * 5000, "é"):
        assert signer.user({cookie.NAME: strange}) is None
    assert cookie.Signer(b"q" * 32, "mark").user({cookie.NAME: written}) is None
    assert cookie.Signer(b"k" * 32, "other").user({cookie.NAME: signer.written(chen)}) is None
