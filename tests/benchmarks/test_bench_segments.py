"""The benchmark of segments runs; it asserts no speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.bench_segments import bench


@pytest.mark.prove
def test_the_benchmark_runs(tmp_path: Path) -> None:
    found = bench(3_000, tmp_path, runs=1)
    assert len(found) == 5 and all(seconds > 0 for seconds, _ in found.values())
