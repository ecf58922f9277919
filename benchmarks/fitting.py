"""Linear models fitted to features, with numpy alone; what they make of them is measured elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag.evidence import Model

Gradient = Callable[[np.ndarray], np.ndarray]


def pick(groups: Sequence[np.ndarray], right: Sequence[np.ndarray], used: Sequence[int]) -> Model:
    """A softmax over the rows of each group and "none of them", which always scores 0; by Adam, from zeros.

    One model so learns both which row is right and whether any is. ``right`` marks them; ``used`` are the features
    it may use.
    """
    kept = [number for number, group in enumerate(groups) if len(group)]
    rows, holds = (np.concatenate([part[number] for number in kept]) for part in (groups, right))
    owner = np.repeat(np.arange(len(kept)), [len(groups[number]) for number in kept])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    spread[[column for column in range(rows.shape[1]) if column not in used]] = np.inf
    scaled = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    answered = np.bincount(owner, holds, len(kept)) > 0

    def gradient(weights: np.ndarray) -> np.ndarray:
        raised = np.exp(np.clip(scaled @ weights, -30, 30))
        predicted = raised / (np.bincount(owner, raised, len(kept)) + 1)[owner]
        chosen = np.where(holds, raised, 0)
        wanted = chosen / np.maximum(np.bincount(owner, chosen, len(kept)), 1e-12)[owner]
        return scaled.T @ (predicted - np.where(answered[owner], wanted, 0)) / len(kept)

    start = np.r_[np.zeros(rows.shape[1]), -2.0]
    return _model(_descended(gradient, start, ridge=1e-3), mean, spread)


def tell(rows: np.ndarray, is_so: np.ndarray, weight: np.ndarray) -> Model:
    """Logistic regression of ``is_so`` on the rows, each counted by its weight."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.c_[(rows - mean) / spread, np.ones(len(rows))]

    def gradient(weights: np.ndarray) -> np.ndarray:
        return scaled.T @ ((1 / (1 + np.exp(-scaled @ weights)) - is_so) * weight) / weight.sum()

    return _model(_descended(gradient, np.zeros(rows.shape[1] + 1), ridge=1.5e-3), mean, spread)


def _descended(gradient: Gradient, start: np.ndarray, *, ridge: float, steps: int = 1500) -> np.ndarray:
    weights, slope, power = start, np.zeros_like(start), np.zeros_like(start)
    for step in range(1, steps + 1):
        found = gradient(weights) + ridge * np.r_[weights[:-1], 0]
        slope = 0.9 * slope + 0.1 * found
        power = 0.999 * power + 0.001 * found**2
        weights = weights - 0.05 * (slope / (1 - 0.9**step)) / (np.sqrt(power / (1 - 0.999**step)) + 1e-8)
    return weights


def _model(weights: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> Model:
    unscaled = weights[:-1] / spread
    return Model(tuple(unscaled.round(3).tolist()), round(float(weights[-1] - unscaled @ mean), 3))


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive outranks a negative; ties count half."""
    above = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float((above > 0).mean() + (above == 0).mean() / 2)
