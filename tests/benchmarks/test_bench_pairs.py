"""The benchmark of codes and products runs; it asserts no speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.bench_pairs import ASKED, bench_codes, bench_products


@pytest.mark.prove
def test_the_benchmark_runs(tmp_path: Path) -> None:
    found = bench_codes(2_000, tmp_path, runs=1) | bench_products(2_000, tmp_path, runs=1)
    assert len(ASKED) == 30 and len(found) == 5 and all(seconds > 0 for seconds in found.values())
