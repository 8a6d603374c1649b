"""How detectors keep what they learnt: a JSON head, safetensors, and scikit-learn estimators through skops. Nothing is ever unpickled.

Every reader raises ProblemError(MODEL_DAMAGED) for a file that the matching writer would not have written.
"""

from __future__ import annotations

import platform
import zipfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from core.detectors.base import Detector, ImageInput, Parameters, TableInput
from core.problems import ProblemCode, ProblemError

HEAD_FILE: Final = "model.json"
LARGEST_ESTIMATOR: Final = 2_000_000_000  # bytes unpacked: a forged archive must not fill the memory
# ExtraTreeRegressor and IsolationForest keep no random state that skops does not know; Tree is checked by `check_tree`.
TREE_TYPE: Final = "sklearn.tree._tree.Tree"


class ModelHead(BaseModel):
    """What `model.json` says. `values` holds small facts of the detector: numbers, texts and lists of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal[1] = 1
    detector: str
    seed: int
    parameters: dict[str, Any]
    image: dict[str, int] | None = None
    table: dict[str, list[str] | list[int]] | None = None
    values: dict[str, Any] = {}
    versions: dict[str, str]


def damaged(path: Path, detail: str) -> ProblemError:
    """The refusal of a model file."""
    return ProblemError(ProblemCode.MODEL_DAMAGED, path=path.name, detail=detail)


def library_versions(names: Sequence[str] = ("numpy", "scikit-learn", "skops", "torch")) -> dict[str, str]:
    """Installed versions by distribution name, and Python's; a library that is absent is left out."""
    versions = {"python": platform.python_version()}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def write_head(folder: Path, detector: Detector, data_input: ImageInput | TableInput, values: Mapping[str, Any] | None = None) -> None:
    """Writes `model.json` of `detector`, trained on items of the form `data_input`."""
    image = None
    table: dict[str, list[str] | list[int]] | None = None
    if isinstance(data_input, ImageInput):
        image = {"height": data_input.height, "width": data_input.width, "channels": data_input.channels}
    else:
        table = {"columns": list(data_input.columns), "sources": list(data_input.sources)}
    head = ModelHead(
        detector=detector.declaration.key,
        seed=detector.seed,
        parameters=detector.parameters.model_dump(mode="json"),
        image=image,
        table=table,
        values=dict(values or {}),
        versions=library_versions(),
    )
    (folder / HEAD_FILE).write_text(head.model_dump_json(indent=1), encoding="utf-8")


def read_head(folder: Path, kind: type[Detector]) -> ModelHead:
    """Reads and checks `model.json`: its detector must be `kind`."""
    path = folder / HEAD_FILE
    try:
        head = ModelHead.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, ValueError) as error:
        raise damaged(path, type(error).__name__) from error
    if head.detector != kind.declaration.key:
        raise damaged(path, f"it belongs to {head.detector}")
    return head


def parameters_of(head: ModelHead, folder: Path, kind: type[Detector]) -> Parameters:
    """The parameters in `head`, checked by the detector's own model."""
    try:
        return kind.declaration.parameters.model_validate(head.parameters)
    except ValidationError as error:
        raise damaged(folder / HEAD_FILE, "its parameters are not valid") from error


def image_input_of(head: ModelHead, folder: Path) -> ImageInput:
    """The picture form in `head`, within sane limits."""
    found = head.image or {}
    if set(found) != {"height", "width", "channels"} or found["channels"] not in (1, 3):
        raise damaged(folder / HEAD_FILE, "its picture size is not valid")
    if not all(1 <= found[side] <= 8192 for side in ("height", "width")):
        raise damaged(folder / HEAD_FILE, "its picture size is not valid")
    return ImageInput(**found)


def table_input_of(head: ModelHead, folder: Path) -> TableInput:
    """The columns in `head`."""
    found = head.table or {}
    columns, sources = found.get("columns", []), found.get("sources", [])
    if not columns or len(columns) != len(sources):
        raise damaged(folder / HEAD_FILE, "its columns are not valid")
    return TableInput(columns=tuple(str(name) for name in columns), sources=tuple(int(place) for place in sources))


def input_of(head: ModelHead, folder: Path) -> ImageInput | TableInput:
    """The form of the items in `head`, for detectors that take pictures and rows."""
    return table_input_of(head, folder) if head.image is None else image_input_of(head, folder)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes named arrays as safetensors."""
    from safetensors.numpy import save_file

    save_file({name: np.asarray(array, order="C") for name, array in arrays.items()}, str(path))


def read_arrays(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, NDArray[Any]]:
    """Reads the arrays named in `shapes`, no more and no fewer, each of its shape and finite."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays: dict[str, NDArray[Any]] = load_file(str(path))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise damaged(path, type(error).__name__) from error
    if set(arrays) != set(shapes):
        raise damaged(path, "it holds other arrays than expected")
    for name, array in arrays.items():
        if array.shape != tuple(shapes[name]):
            raise damaged(path, f"{name} has the wrong shape")
        if array.dtype.kind not in "fiub" or not np.isfinite(array).all():
            raise damaged(path, f"{name} is not made of finite numbers")
    return arrays


def write_estimator(path: Path, estimator: Any) -> None:
    """Writes a fitted scikit-learn estimator with skops."""
    import skops.io

    skops.io.dump(estimator, path)


def read_estimator(path: Path, *, kind: type, trusted: Sequence[str]) -> Any:
    """Reads an estimator of exactly the class `kind`, made of skops' own safe types and those named in `trusted`.

    Trees inside must still be checked with `check_tree` before the first prediction.
    """
    import skops.io

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_ESTIMATOR:
                raise damaged(path, "it is too large")
        found = set(skops.io.get_untrusted_types(file=path))
        if not found <= set(trusted):
            raise damaged(path, "it asks for types that are not trusted")
        estimator = skops.io.load(path, trusted=list(trusted))
    except ProblemError:
        raise
    except Exception as error:  # a forged archive can fail in any way
        raise damaged(path, type(error).__name__) from error
    if type(estimator) is not kind:
        raise damaged(path, f"it holds a {type(estimator).__name__}")
    return estimator


def check_tree(tree: Any, *, columns: int, path: Path) -> None:
    """Refuses a scikit-learn tree that would read outside its arrays or walk in circles: a prediction with it ends the interpreter."""
    left, right, feature = tree.children_left, tree.children_right, tree.feature
    count = int(tree.node_count)
    nodes = np.arange(count)
    inner = left != -1
    inside = (left > nodes) & (left < count) & (right > nodes) & (right < count) & (feature >= 0) & (feature < columns)
    threshold = tree.threshold
    sound = (
        count > 0
        and int(tree.n_features) == columns
        and all(len(part) == count for part in (left, right, feature, threshold, tree.n_node_samples))
        and bool(inside[inner].all())
        and bool((right[~inner] == -1).all())
        and bool(np.isfinite(threshold[inner]).all())
        and bool((tree.n_node_samples >= 1).all())
    )
    if not sound:
        raise damaged(path, "a tree points outside itself")
