"""Wrong attempts make the next one wait: longer each time, by address and for all, in bounded memory."""

from __future__ import annotations

from pages.frame.door.throttle import FORGOTTEN_S, Throttle


def test_waits_double_are_bounded_and_forgotten() -> None:
    now = [0.0]
    throttle = Throttle(clock=lambda: now[0])
    waits = []
    for _ in range(20):
        throttle.note("10.0.0.1")
        waits.append(throttle.wait_s("10.0.0.1"))
        now[0] += waits[-1]
        assert throttle.wait_s("10.0.0.1") == 0
    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8] and waits[-1] == 300
    throttle.note("10.0.0.1")
    assert throttle.wait_s("10.0.0.1") == 300 and throttle.wait_s("10.0.0.2") == 0
    now[0] += FORGOTTEN_S + 1
    throttle.note("10.0.0.1")
    assert throttle.wait_s("10.0.0.1") == 0


def test_many_addresses_wait_together_but_not_long() -> None:
    throttle = Throttle(clock=lambda: 0.0, most=100)
    for number in range(1000):
        throttle.note(f"10.0.{number // 250}.{number % 250}")
    assert throttle.wait_s("192.168.1.1") == 4 and len(throttle._wrong) == 100


def test_a_network_of_the_newer_addresses_is_one() -> None:
    throttle = Throttle(clock=lambda: 0.0)
    for number in range(5):
        throttle.note(f"2001:db8::{number:x}")
    assert throttle.wait_s("2001:db8::ffff") == 1 and throttle.wait_s("2001:db9::1") == 0
