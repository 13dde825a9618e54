"""CR2 as it is defined, with whole matrices: the oracle of what the product does with sums."""

from __future__ import annotations

import numpy as np


def by_matrices(
    x: np.ndarray, group: np.ndarray, cluster: np.ndarray, w: np.ndarray, c: np.ndarray
) -> tuple[float, float, np.ndarray]:
    """Error and freedom of a contrast and the covariance of means by CR2 as it is defined, on rows times sqrt(w)."""
    root = np.sqrt(w)
    design = (group[:, None] == np.arange(len(c))) * root[:, None]
    bread = np.linalg.inv(design.T @ design)
    residual = root * x - design @ bread @ design.T @ (root * x)
    annihilator = np.eye(len(x)) - design @ bread @ design.T
    pulls, columns = [], []
    for g in np.unique(cluster):
        own = cluster == g
        values, vectors = np.linalg.eigh(annihilator[np.ix_(own, own)])
        adjust = vectors @ np.diag(values**-0.5) @ vectors.T
        pulls.append(bread @ design[own].T @ adjust @ residual[own])
        columns.append(annihilator[:, own] @ adjust @ design[own] @ bread @ c)
    covariance = np.array(pulls).T @ np.array(pulls)
    m = np.array(columns) @ np.array(columns).T
    return float(np.sqrt(c @ covariance @ c)), np.trace(m) ** 2 / np.trace(m @ m), covariance
