"""The benchmark of scale runs; it asserts no speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.bench_scale import bench


@pytest.mark.prove
def test_the_benchmark_runs(tmp_path: Path) -> None:
    found = bench(200_000, tmp_path, runs=1)
    assert len(found) == 27 and all(seconds > 0 for times in found.values() for seconds in times)
