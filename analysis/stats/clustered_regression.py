"""How sure are we of a regression when answers come in clusters (teams, agents), and may be few?

The bias-reduced covariance CR2 (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018) asks for a matrix of answers by
answers in each cluster, yet the sums of products of the cluster are enough. With B the inverse of X'X, H = X_g B X_g'
and S = X_g'X_g, every function f of H obeys X_g' f(H) = f(S B) X_g'. So the adjusted score of a cluster is
(I - S B)^(-1/2) times its score X_g'(y_g - X_g b), and the traces behind Satterthwaite's freedom need no more.
Everything is done in columns turned so that X'X = I: there S B is symmetric, with eigenvalues from 0 to 1.

For the columns of one mean per group this is `clustered.contrasts`. With survey weights the working variance of an
answer is taken as inverse to its weight, as there; strata are not taken into account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.distributions import f_sf
from analysis.stats.intervals import NAN, Array, Omnibus
from analysis.stats.regression import CrossProducts, Fit, Weights, ols, together

ALONE = 1e-9  # of an eigenvalue below 1: a direction in which one cluster stands alone


@dataclass(frozen=True)
class _Adjusted:
    """What r contrasts of coefficients take from each of G clusters.

    pulls: (G, r) adjusted scores, their products the covariance; d: (G, r, r) and v: (G, r, q), of which the inner
    products under the working model are made: d_i where i = j, less v_i v_j'; known: (r,) no cluster stands alone;
    times: (G,) how many clusters with these sums there are.
    """

    pulls: Array
    d: Array
    v: Array
    known: Array
    times: Array


@dataclass(frozen=True)
class _Turned:
    """The clusters in columns turned so that X'X = I: `turn` does it, (q, q); share, axes: (G, q) eigenvalues and
    (G, q, q) eigenvectors of the moments of each; score: (G, q), its score along these.
    """

    turn: Array
    share: Array
    axes: Array
    score: Array
    times: Array

    @classmethod
    def of(
        cls, parts: Sequence[CrossProducts], fit: Fit, *, times: Array | None = None, alone: Array | None = None
    ) -> _Turned:
        kept = fit.kept
        xx = np.array([part.xx[np.ix_(kept, kept)] for part in parts])
        score = np.array([part.xy[kept] for part in parts]) - xx @ fit.coefficients[kept]
        if alone is not None:
            score = as_single_answers(score, np.array([part.n for part in parts]), alone)
        turn = np.linalg.cholesky(fit.inverse[np.ix_(kept, kept)])
        share, axes = np.linalg.eigh(turn.T @ xx @ turn)
        turned, one = ((score @ turn)[:, None, :] @ axes)[:, 0, :], np.ones(len(parts))
        return cls(turn, np.clip(share, 0.0, 1.0), axes, turned, one if times is None else times)

    def adjusted(self, contrast: Array) -> _Adjusted:
        """`contrast`: (r, q) in the kept columns of the fit."""
        alone = self.share > 1 - ALONE
        root = np.where(alone, 0.0, 1 / np.sqrt(np.where(alone, 1.0, 1 - self.share)))
        along = contrast @ self.turn @ self.axes
        d = (along * (self.share * root**2)[:, None, :]) @ along.swapaxes(1, 2)
        v = (along * (self.share * root)[:, None, :]) @ self.axes.swapaxes(1, 2)
        length = np.linalg.norm(contrast @ self.turn, axis=1)[:, None]
        known = ~np.any(alone[:, None, :] & (np.abs(along) > 1e-6 * length), axis=(0, 2))
        return _Adjusted(np.einsum("grq,gq->gr", along, root * self.score), d, v, known, self.times)


def as_single_answers(sums: Array, n: Array, alone: Array) -> Array:
    """Sums (clusters, columns) that average 0 over all answers; parts by chance among them (`alone`, with n answers
    each) are made to spread as their answers do one by one.

    What the parts have in common is no chance of each part: its square counts once an answer, not once a part.
    """
    if not alone.any():
        return sums
    each = sums[alone].sum(axis=0) / n[alone].sum()
    less = np.where(alone, n - np.sqrt(n), 0.0)
    return np.asarray(sums - less[:, None] * each)


def clustered_ols(parts: Sequence[CrossProducts], *, times: Array | None = None, alone: Array | None = None) -> Fit:
    """Least squares from the sums of each cluster, with CR2 errors and Satterthwaite freedom.

    A coefficient that rests on one cluster alone has no error (NaN); nor has any with fewer than two clusters. With
    survey weights the clusters are the units that were sampled. times: how many clusters each of the sums stands for;
    alone: which of them are parts by chance of answers without a cluster.
    """
    fit = ols(together(parts if times is None else [p.times(t) for p, t in zip(parts, times.tolist(), strict=True)]))
    kept, q = fit.kept, len(fit.names)
    a = _Turned.of(parts, fit, times=times, alone=alone).adjusted(np.eye(len(kept)))
    covariance = np.full((q, q), NAN)
    unknown = ~a.known | (len(parts) < 2)
    own = (a.pulls * a.times[:, None]).T @ a.pulls
    own[unknown] = own[:, unknown] = NAN
    covariance[np.ix_(kept, kept)] = own
    df = np.full(q, NAN)
    df[kept] = np.where(unknown, NAN, _freedom(a))
    errors = np.sqrt(np.diagonal(covariance))
    return replace(fit, covariance=covariance, errors=errors, df=df, clusters=len(parts))


def _freedom(a: _Adjusted) -> Array:
    """tr(M)^2 / tr(M M) of each contrast, M = diag(d) - v v'."""
    d, length = np.einsum("grr->gr", a.d), np.einsum("grq,grq->gr", a.v, a.v)
    across = (a.v.transpose(1, 2, 0) * a.times) @ a.v.transpose(1, 0, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = a.times @ (d**2 - 2 * d * length) + (across**2).sum(axis=(1, 2))
        return np.asarray((a.times @ (d - length)) ** 2 / squares)


@dataclass(frozen=True)
class Pulls:
    """What the error CR2 of one contrast of coefficients takes of each cluster, and its freedom (Satterthwaite).

    rows: (G, q), of which the product with a cluster's score is its pull; the sum of their squares is the variance.
    expected: (G,) their squares where answers are independent. NaN where a cluster stands alone in the contrast.
    """

    rows: Array
    expected: Array
    df: float


def pulls(xx: Array, contrast: Array) -> Pulls:
    """Of a contrast (q,). xx: (G, q, q) products of the columns in each cluster, together of full rank."""
    turn = np.linalg.cholesky(np.linalg.inv(xx.sum(axis=0)))
    share, axes = np.linalg.eigh(turn.T @ xx @ turn)
    share, along = np.clip(share, 0.0, 1.0), (contrast @ turn) @ axes
    alone = share > 1 - ALONE
    if np.any(alone & (np.abs(along) > 1e-6 * np.linalg.norm(contrast @ turn))):
        return Pulls(np.full(xx.shape[:2], NAN), np.full(len(xx), NAN), NAN)
    along = along * np.where(alone, 0.0, 1 / np.sqrt(np.where(alone, 1.0, 1 - share)))
    d, v = ((along**2) * share).sum(axis=1), ((along * share)[:, None, :] @ axes.swapaxes(1, 2))[:, 0, :]
    length = (v**2).sum(axis=1)
    squares = float(np.sum(d**2 - 2 * d * length)) + float(((v.T @ v) ** 2).sum())
    df = float((d - length).sum()) ** 2 / squares if squares > 0 else NAN
    return Pulls((along[:, None, :] @ axes.swapaxes(1, 2))[:, 0, :] @ turn.T, d - length, df)


def clustered_mean(weight: Array, total: Array, n: Array, *, alone: Array) -> tuple[float, float]:
    """Error and degrees of freedom of a mean, from the sums of each cluster."""
    own = [
        CrossProducts((), float(size), np.array([[w]]), np.array([sum_]), float(sum_**2 / w), Weights.FREQUENCY)
        for size, w, sum_ in zip(n, weight, total, strict=True)
    ]
    fit = clustered_ols(own, alone=alone)
    return float(fit.errors[0]), float(fit.df[0])


def clustered_tests(
    parts: Sequence[CrossProducts], blocks: Mapping[str, Sequence[str]], *, alone: Array | None = None
) -> dict[str, Omnibus]:
    """For each block of columns, whether all its coefficients are 0: Hotelling's T2 of CR2 covariances.

    The HTZ test of Tipton and Pustejovsky 2015, as `clustered.wald`; the square of t for one column. NaN where a
    cluster stands alone in one of them, or there are too few clusters for so many columns.
    """
    fit = ols(together(parts))
    turned = _Turned.of(parts, fit, alone=alone)
    own = {block: [fit.names.index(c) for c in columns] for block, columns in blocks.items()}
    return {block: _tested(turned, fit, np.flatnonzero(np.isin(fit.kept, own[block]))) for block in blocks}


def _tested(turned: _Turned, fit: Fit, own: Array) -> Omnibus:
    r, unknown = len(own), Omnibus(NAN, NAN, NAN, NAN)
    if r == 0 or len(turned.score) < 2:
        return unknown
    a = turned.adjusted(np.eye(len(fit.kept))[own])
    covariance, b = a.pulls.T @ a.pulls, fit.coefficients[fit.kept[own]]
    if not np.all(a.known & (np.diagonal(covariance) > 0)):
        return unknown
    scale = 1 / np.sqrt(np.diagonal(covariance))
    eta = r * (r + 1) / _spread(turned.adjusted(_standard(fit, own)))
    if eta <= r - 1 or np.linalg.matrix_rank(covariance * np.outer(scale, scale)) < r:
        return unknown
    f = (eta - r + 1) / (eta * r) * float(b @ np.linalg.solve(covariance, b))
    return Omnibus(f, float(r), eta - r + 1, float(f_sf(f, r, eta - r + 1)))


def _standard(fit: Fit, own: Array) -> Array:
    """Contrasts of the coefficients in question that are independent, with variance 1, under the working model."""
    kept = fit.kept[own]
    turned = np.linalg.inv(np.linalg.cholesky(fit.inverse[np.ix_(kept, kept)]))
    return np.asarray(turned @ np.eye(len(fit.kept))[own])


def _spread(a: _Adjusted) -> float:
    """Sum of the variances of the standardised covariances."""
    own, inner = a.d, np.einsum("grq,gsq->grs", a.v, a.v)
    across = np.tensordot(a.v, a.v, axes=(0, 0)).swapaxes(1, 2)
    d, length = np.einsum("grr->gr", own), np.einsum("grr->gr", inner)
    mixed = (own**2 - 2 * own * inner).sum() + np.einsum("rsqk,srqk->", across, across)
    alone = np.einsum("gr,gs->", d, d) - 2 * np.einsum("gr,gs->", d, length) + (across**2).sum()
    return float(mixed + alone)


def sandwich(inverse: Array, scores: Array, cluster: Array, n: Array | None = None) -> Array:
    """Covariance CR1 of any likelihood estimate from its inverse information and the scores (rows) of patterns.

    G / (G - 1) clusters for luck (Cameron and Miller 2015); go by G - 1 degrees of freedom. NaN for one cluster.
    Negative numbers of clusters are parts by chance of answers without one; n: answers of each pattern.
    """
    named, place = np.unique(cluster, return_inverse=True)
    clusters = len(named)
    sums = np.zeros((clusters, scores.shape[1]))
    np.add.at(sums, place, scores)
    if n is not None:
        sums = as_single_answers(sums, np.bincount(place, n, clusters), named < 0)
    factor = clusters / (clusters - 1) if clusters > 1 else NAN
    return np.asarray(factor * inverse @ (sums.T @ sums) @ inverse)
