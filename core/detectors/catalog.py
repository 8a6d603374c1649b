"""The one list of all detectors. Adding one is a file beside this one and a line here."""

from __future__ import annotations

import importlib
from typing import Final

from core.detectors.base import Declaration, Detector
from core.problems import ProblemCode, ProblemError
from core.vocabulary import Kind

# key: "module:class". Modules are imported when used, so that torch does not delay the start.
DETECTORS: Final[dict[str, str]] = {
    "logistic_regression": "core.detectors.logistic_regression:LogisticRegression",
    "gradient_boosting": "core.detectors.gradient_boosting:GradientBoosting",
    "isolation_forest": "core.detectors.isolation_forest:IsolationForest",
    "local_outlier_factor": "core.detectors.local_outlier_factor:LocalOutlierFactor",
    "pca": "core.detectors.pca:PrincipalComponents",
    "robust_pca": "core.detectors.robust_pca:RobustPca",
    "autoencoder": "core.detectors.autoencoder:Autoencoder",
    "variational_autoencoder": "core.detectors.variational_autoencoder:VariationalAutoencoder",
    "adversarial_autoencoder": "core.detectors.adversarial_autoencoder:AdversarialAutoencoder",
    "robust_autoencoder": "core.detectors.robust_autoencoder:RobustAutoencoder",
    "anogan": "core.detectors.anogan:Anogan",
    "ganomaly": "core.detectors.ganomaly:Ganomaly",
    "relative_position": "core.detectors.relative_position:RelativePosition",
    "cutpaste": "core.detectors.cutpaste:CutPaste",
}


def detector_class(key: str) -> type[Detector]:
    """The class of detector `key`. Raises ProblemError(DETECTOR_UNKNOWN)."""
    if key not in DETECTORS:
        raise ProblemError(ProblemCode.DETECTOR_UNKNOWN, key=key, keys=", ".join(DETECTORS))
    module, _, name = DETECTORS[key].partition(":")
    found: type[Detector] = getattr(importlib.import_module(module), name)
    return found


def declarations() -> list[Declaration]:
    """All declarations in the order of the catalogue."""
    return [detector_class(key).declaration for key in DETECTORS]


def recommended(kind: Kind) -> str:
    """The detector that a new user should try first for items of `kind`."""
    return "autoencoder" if kind is Kind.IMAGE else "isolation_forest"
