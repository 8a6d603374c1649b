"""Parameters that several detectors share, so that one setting has one name, one help text and one range everywhere."""

from __future__ import annotations

from typing import Any, Final

from core.detectors.base import parameter
from core.wording import QT_TRANSLATE_NOOP


def image_size(default: int, *, multiple_of: int = 16, low: int = 32, high: int = 512) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Working size"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Images are made this large before the network sees them. Small defects need more; time grows with the square."
        ),
        unit="px",
        ge=low,
        le=high,
        multiple_of=multiple_of,
    )


def epochs(default: int) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Epochs"),
        help=QT_TRANSLATE_NOOP("Parameter", "How often every training item is shown."),
        ge=1,
        le=2000,
    )


def learning_rate(default: float) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Learning rate"),
        help=QT_TRANSLATE_NOOP("Parameter", "Size of the first steps. Halve it if the loss jumps or is no number."),
        gt=0,
        le=0.1,
    )


def batch_size(default: int, *, high: int = 256) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Batch size"),
        help=QT_TRANSLATE_NOOP("Parameter", "Items learnt from at once. Smaller needs less memory."),
        ge=2,
        le=high,
    )


def latent_size(default: int, *, high: int = 1024) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Code length"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Numbers that an item is squeezed into. Too many and defects are rebuilt too; too few and good parts are not."
        ),
        ge=1,
        le=high,
    )


def width(default: int) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Network width"),
        help=QT_TRANSLATE_NOOP("Parameter", "Images only. Channels of the first layer. Wider learns finer detail and takes longer."),
        ge=4,
        le=128,
        advanced=True,
    )


def blur(default: float = 1.0) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Smoothing of the map"),
        help=QT_TRANSLATE_NOOP("Parameter", "Images only. Width of the blur over the differences. About the size of the smallest defect."),
        unit=QT_TRANSLATE_NOOP("Parameter", "% of the side"),
        ge=0,
        le=10,
    )


def top_share(default: float = 0.1) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Part of the map that counts"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Images only. The score is the mean of this part of the map with the largest values. Small defects need a small part; 100 is the mean of all.",
        ),
        unit="%",
        gt=0,
        le=100,
    )


def compare_places(default: bool = True) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Compare with the usual error of each place"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Images only. Each place is judged against its own error in good ones, so that edges do not glow. Turn it off if parts lie differently in each.",
        ),
        advanced=True,
    )


def scale_columns(default: bool = True) -> Any:
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Scale each column"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Tables only. All columns weigh the same, whatever their units. Turn it off if they share one unit, such as sensors of one kind.",
        ),
    )


def weights_file() -> Any:
    return parameter(
        "",
        title=QT_TRANSLATE_NOOP("Parameter", "File with weights"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "A ResNet-18 trained elsewhere (.safetensors or .pth), to start from instead of random numbers. Only numbers are read from it. Empty for none.",
        ),
        unit="file",
        advanced=True,
    )


def resnet_width(default: str = "quarter") -> Any:
    """Of a field annotated Literal["quarter", "full"]; `RESNET_WIDTHS` has the share that each word stands for."""
    return parameter(
        default,
        title=QT_TRANSLATE_NOOP("Parameter", "Size of the network"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "A ResNet-18 with a quarter of its channels learns in minutes without a graphics card. Weights from a file need the size they were made for.",
        ),
        advanced=True,
    )


RESNET_WIDTHS: Final = {QT_TRANSLATE_NOOP("Parameter", "quarter"): 0.25, QT_TRANSLATE_NOOP("Parameter", "full"): 1.0}
