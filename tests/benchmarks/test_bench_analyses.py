"""The benchmark of whole analyses runs; it asserts no speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.bench_analyses import bench


@pytest.mark.prove
def test_the_benchmark_runs(tmp_path: Path) -> None:
    found = bench(20_000, tmp_path, runs=1)
    assert len(found) == 9 and all(seconds > 0 for seconds, _ in found.values())
