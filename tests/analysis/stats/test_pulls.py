"""What each cluster adds to an error: its expected square, worked out once more from rows and whole matrices."""

from __future__ import annotations

import numpy as np

from analysis.stats.clustered_regression import pulls


def test_expected_squares_are_those_of_residuals() -> None:
    """By the residual maker of all rows: a cluster's own weight in the fit takes from its square."""
    rng = np.random.default_rng(1)
    rows = [rng.normal(size=(n, 3)) for n in (5, 9, 30, 12, 7, 20, 3, 50)]
    products, contrast = np.array([x.T @ x for x in rows]), np.array([0.0, 0.0, 1.0])
    inverse, whole, start, expected = np.linalg.inv(products.sum(axis=0)), np.vstack(rows), 0, []
    maker = np.eye(len(whole)) - whole @ inverse @ whole.T
    for x in rows:
        share, axes = np.linalg.eigh(np.eye(len(x)) - x @ inverse @ x.T)
        adjusted = contrast @ inverse @ x.T @ axes @ np.diag(share**-0.5) @ axes.T
        pulled = adjusted @ maker[start : start + len(x)]
        expected.append(float(pulled @ pulled))
        start += len(x)
    np.testing.assert_allclose(pulls(products, contrast).expected, expected, rtol=1e-9)
