"""What the shared contract tests need to know about each detector. A new detector adds its settings here; nothing else is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final


def resnet_weights(folder: Path) -> str:
    """A file with random weights of a quarter-width ResNet-18 for colour pictures, as a person might name one."""
    from safetensors.torch import save_file

    from core.networks.convolutional import initialise
    from core.networks.resnet import ResNetFeatures

    network = ResNetFeatures(3, width_share=0.25)
    initialise(network, 7)
    path = folder / "resnet.safetensors"
    save_file({name: tensor for name, tensor in network.state_dict().items() if name not in ("mean", "spread")}, path)
    return str(path)


# The autoencoder family.
FAMILY: Final[dict[str, Any]] = {
    "image_size": 32,
    "epochs": 12,
    "width": 4,
    "latent_size": 4,
    "row_latent_size": 2,
    "row_steps": 150,
    "batch_size": 8,
}
OTHER_FAMILY: Final[dict[str, Any]] = {
    "image_size": 48,
    "latent_size": 9,
    "row_latent_size": 1,
    "row_steps": 200,
    "scale_columns": False,
    "epochs": 11,
    "learning_rate": 0.0005,
    "batch_size": 5,
    "blur": 4.0,
    "top_share": 20.0,
    "compare_places": False,
    "width": 6,
}
# Small and quick: a fit on the tiny data of `detector_cases` should take well under a second.
QUICK: Final[dict[str, dict[str, Any]]] = {
    "autoencoder": FAMILY,
    "variational_autoencoder": FAMILY | {"draws": 2, "epochs": 16},
    "adversarial_autoencoder": FAMILY,
    "robust_autoencoder": FAMILY | {"rounds": 3},
    "logistic_regression": {"image_size": 32},
    "gradient_boosting": {"image_size": 32, "trees": 40},
    "isolation_forest": {"trees": 60, "sample_size": 256, "image_size": 32},
    "local_outlier_factor": {"image_size": 32, "neighbours": 10},
    "pca": {"image_size": 32, "variance_share": 70.0},
    "relative_position": {
        "image_size": 32,
        "patch_share": 25.0,
        "steps": 20,
        "batch_size": 4,
        "tuning_steps": 6,
        "bank_size": 100,
        "width": 8,
    },
    "robust_pca": {"image_size": 32, "tolerance": 1e-5},
    "anogan": {"image_size": 32, "steps": 20, "encoder_steps": 30, "width": 4, "latent_size": 8, "batch_size": 8},
    "ganomaly": {"image_size": 32, "steps": 100, "width": 8, "latent_size": 16, "learning_rate": 0.005, "batch_size": 8},
    "cutpaste": {"image_size": 32, "patch_size": 16, "steps": 15, "batch_size": 4, "detail": "coarse"},
}
# For each parameter a value that must change the scores when it replaces the quick one. A function gets an empty folder and returns
# the value. `(parameter, also)` in place of a value: `also` are further parameters that give this one something to do.
OTHER: Final[dict[str, dict[str, Any]]] = {
    "autoencoder": OTHER_FAMILY | {"noise": 0.3},
    "variational_autoencoder": OTHER_FAMILY
    | {
        "score": "probability",
        "draws": (3, {"score": "probability"}),
        "variance": "fixed",
        "fixed_variance": (0.5, {"variance": "fixed"}),
        "prior_weight": 30.0,
        "warm_up": 90.0,
    },
    "adversarial_autoencoder": OTHER_FAMILY
    | {"score": "code", "code_share": (80.0, {"score": "both"}), "adversarial_weight": 20.0, "adversarial_rate": 0.02},
    "robust_autoencoder": OTHER_FAMILY
    | {
        "rounds": 6,
        "set_apart": "columns",
        "threshold_from": "fixed",
        "expected_share": 30.0,
        "threshold": (0.2, {"threshold_from": "fixed"}),
        "row_network": "sigmoid",
        "tolerance": 0.9,
    },
    "logistic_regression": {"freedom": 0.01, "balance": "always", "image_size": 48},
    "gradient_boosting": {"trees": 30, "step": 0.3, "leaves": 4, "leaf_size": 5, "penalty": 5.0, "image_size": 48},
    "isolation_forest": {"trees": 40, "sample_size": 16, "columns_share": 50.0, "use_categories": True, "image_size": 48},
    "local_outlier_factor": {"neighbours": 6, "scale_columns": False, "counts_as_one": (1.0, {"neighbours": 3}), "image_size": 48},
    "pca": {
        "image_size": 48,
        "scale_columns": False,
        "blur": 4.0,
        "top_share": 20.0,
        "compare_places": False,
        "score": "both",
        "variance_share": 40.0,
        "components": 1,
    },
    "relative_position": {
        "image_size": 48,
        "patch_share": (12.5, {"image_size": 64}),
        "gap": 25.0,
        "jitter": 50.0,
        "steps": 15,
        "batch_size": 5,
        "learning_rate": 0.0005,
        "closeness": 0.5,
        "judged_by": "direction",
        "bank_size": 60,
        "compare_places": False,
        "top_share": 20.0,
        "labelled_defects": 3,
        "tuning_steps": 4,
        "network": ("ResNet-18", {"steps": 2, "labelled_defects": 0}),
        "width": 4,
        "network_width": ("full", {"network": "ResNet-18", "steps": 1, "labelled_defects": 0}),
        "weights_file": (resnet_weights, {"network": "ResNet-18", "steps": 2, "labelled_defects": 0}),
        "ignore_fringes": False,
    },
    "robust_pca": {
        "image_size": 48,
        "scale_columns": False,
        "blur": 4.0,
        "top_share": 20.0,
        "compare_places": False,
        "sparsity": 0.5,
        "tolerance": 1e-2,
        "iterations": 5,
    },
    "anogan": {
        "mode": ("search", {"steps": 2, "search_steps": 5}),
        "image_size": (48, {"steps": 2, "encoder_steps": 2}),
        "steps": 19,
        "encoder_steps": 29,
        "latent_size": (9, {"steps": 2, "encoder_steps": 2}),
        "learning_rate": (0.001, {"steps": 2, "encoder_steps": 2}),
        "batch_size": (6, {"steps": 2, "encoder_steps": 2}),
        "feature_weight": (0.0, {"steps": 2, "encoder_steps": 2}),
        "feature_share": (1.0, {"mode": "search", "steps": 2, "search_steps": 3}),
        "search_steps": (5, {"mode": "search", "steps": 2}),
        "restarts": (3, {"mode": "search", "steps": 2, "search_steps": 10}),
        "centre": (False, {"steps": 2, "encoder_steps": 2}),
        "width": (6, {"steps": 2, "encoder_steps": 2}),
    },
    "ganomaly": {
        "image_size": (48, {"steps": 4}),
        "steps": 3,
        "latent_size": (9, {"steps": 4}),
        "learning_rate": (0.001, {"steps": 4}),
        "batch_size": (6, {"steps": 4}),
        "code_difference": ("squared", {"steps": 4}),
        "adversarial_weight": (20.0, {"steps": 4}),
        "image_weight": (1.0, {"steps": 4}),
        "code_weight": (20.0, {"steps": 4}),
        "width": (6, {"steps": 4}),
    },
    "cutpaste": {
        "level": "image",
        "variant": "scar",
        "colour_change": 0.0,
        "image_size": 48,
        "patch_size": 8,
        "detail": "medium",
        "aligned_parts": False,
        "top_share": 20.0,
        "steps": 20,
        "learning_rate": 0.005,
        "batch_size": 5,
        "steady_density": False,
        "network_width": ("full", {"steps": 10}),
        "weights_file": resnet_weights,
    },
}
# Makes a training so long that it must be cancelled. Detectors that are always done at once are left out.
LONG: Final[dict[str, dict[str, Any]]] = {
    "autoencoder": {"epochs": 2000},
    "variational_autoencoder": {"epochs": 2000},
    "adversarial_autoencoder": {"epochs": 2000},
    "robust_autoencoder": {"epochs": 2000},
    "gradient_boosting": {"trees": 5000},
    "isolation_forest": {"trees": 5000},
    "relative_position": {"steps": 200_000},
    "anogan": {"steps": 200_000},
    "ganomaly": {"steps": 200_000},
    "cutpaste": {"steps": 100_000},
}
# No random numbers at all: another seed gives the same scores.
DETERMINISTIC: Final[frozenset[str]] = frozenset({"logistic_regression", "gradient_boosting", "local_outlier_factor", "pca", "robust_pca"})
# Scores are sums of steps, so that items which agree in every question asked are tied.
STEPWISE: Final[frozenset[str]] = frozenset({"gradient_boosting"})
# File and array that scores are divided by: zeros in it must be refused.
SPREADS: Final[list[tuple[str, str, str]]] = [
    ("autoencoder", "weights", "spread"),
    ("variational_autoencoder", "weights", "spread"),
    ("adversarial_autoencoder", "weights", "score.usual"),
    ("logistic_regression", "weights", "scaler.spreads"),
    ("gradient_boosting", "trees", "scaler.spreads"),
    ("isolation_forest", "usual", "spreads"),
    ("local_outlier_factor", "neighbours", "scaler.spreads"),
    ("local_outlier_factor", "neighbours", "densities"),
    ("robust_pca", "weights", "spread"),
    ("robust_pca", "weights", "subspace.variances"),
    ("robust_pca", "weights", "pursuit"),
    ("pca", "weights", "spread"),
    ("pca", "weights", "subspace.variances"),
    ("pca", "weights", "spreads"),
    ("relative_position", "weights", "spread"),
    ("relative_position", "weights", "network.tower.spread"),
    ("relative_position", "weights", "scales"),
    ("anogan", "weights", "reach"),
    ("ganomaly", "weights", "spread"),
    ("cutpaste", "weights", "network.backbone.spread"),
    ("cutpaste", "weights", "density.factors"),
]
