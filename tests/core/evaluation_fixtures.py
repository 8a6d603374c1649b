"""The three samples that the figures of the product paper were computed from."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.stats import norm

from core.evaluation.costs import Costs
from core.evaluation.outcomes import Counts, SortedScores

COUNTS_A: Final = Counts(good_ok=487, good_review=8, good_ng=5, defective_ok=1, defective_review=4, defective_ng=95)
COSTS_A: Final = Costs(defect_rate=0.002, escape=500, overkill=2, review=0.5)

SCORES_B: Final = SortedScores(np.arange(2, 41, 2), [23, 33, 37, 41, 45, 53, 61, 77])
COSTS_B: Final = Costs(defect_rate=0.01, escape=100, overkill=1)

SCORES_N: Final = SortedScores(norm.ppf((np.arange(500) + 0.5) / 500), 3 + norm.ppf((np.arange(100) + 0.5) / 100))
COSTS_N: Final = Costs(defect_rate=0.002, escape=500, overkill=2)
