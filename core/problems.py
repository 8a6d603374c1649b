"""Every trouble that a user can meet and mend, as a code with arguments.

`WORDS` holds the English sentence of each code: what is wrong, and what to do. Front ends translate it (context "Problem") and fill in
the arguments. Anything that is not a `ProblemError` and reaches a front end is a bug.
"""

from __future__ import annotations

import contextlib
import errno
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from core.wording import QT_TRANSLATE_NOOP


class ProblemCode(StrEnum):
    """One code for each expected trouble. Stored in the project, so a code is never renamed."""

    # files and pictures
    PATH_MISSING = "path_missing"
    PATH_UNREADABLE = "path_unreadable"
    BROKEN_LINK = "broken_link"
    NAME_NOT_TEXT = "name_not_text"
    FILE_EMPTY = "file_empty"
    NOT_AN_IMAGE = "not_an_image"
    IMAGE_DAMAGED = "image_damaged"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_NEEDS_MEMORY = "image_needs_memory"
    IMAGE_ANIMATED = "image_animated"
    IMAGE_CHANGED = "image_changed"
    IMAGE_FORMAT_UNSUPPORTED = "image_format_unsupported"
    NOTHING_TO_IMPORT = "nothing_to_import"
    ONLY_TABLES = "only_tables"
    SINGLE_IMAGE = "single_image"
    # tables
    TABLE_EMPTY = "table_empty"
    TABLE_UNREADABLE = "table_unreadable"
    TABLE_ENCODING_UNKNOWN = "table_encoding_unknown"
    TABLE_DUPLICATE_COLUMNS = "table_duplicate_columns"
    TABLE_RAGGED_ROW = "table_ragged_row"
    TABLE_MORE_RAGGED_ROWS = "table_more_ragged_rows"
    TABLE_COLUMN_TELLS_LABEL = "table_column_tells_label"
    TABLE_NOT_A_NUMBER = "table_not_a_number"
    TABLE_MISSING_VALUES = "table_missing_values"
    TABLE_NO_FEATURES = "table_no_features"
    TABLE_COLUMN_MISSING = "table_column_missing"
    TABLE_COLUMNS_DIFFER = "table_columns_differ"
    TABLE_LABEL_NOT_UNDERSTOOD = "table_label_not_understood"
    # project
    PROJECT_EXISTS = "project_exists"
    PROJECT_NOT_FOUND = "project_not_found"
    PROJECT_DAMAGED = "project_damaged"
    PROJECT_TOO_NEW = "project_too_new"
    PROJECT_IN_USE = "project_in_use"
    PROJECT_READ_ONLY = "project_read_only"
    PROJECT_NO_WAL = "project_no_wal"
    PROJECT_DRIVE_FAILED = "project_drive_failed"
    DATABASE_BUSY = "database_busy"
    DISK_FULL = "disk_full"
    FOLDER_READ_ONLY = "folder_read_only"
    NOT_A_FOLDER = "not_a_folder"
    NAME_IMPOSSIBLE = "name_impossible"
    # training and scoring
    DETECTOR_UNKNOWN = "detector_unknown"
    PARAMETER_INVALID = "parameter_invalid"
    TOO_FEW_GOOD = "too_few_good"
    TOO_FEW_DEFECTIVE = "too_few_defective"
    NO_CALIBRATION_GOODS = "no_calibration_goods"
    CONSTANT_COLUMNS = "constant_columns"
    FEWER_NEIGHBOURS = "fewer_neighbours"
    ALL_ITEMS_EQUAL = "all_items_equal"
    RECOVERY_DOUBTFUL = "recovery_doubtful"
    STEPS_RAN_OUT = "steps_ran_out"
    DEVICE_UNAVAILABLE = "device_unavailable"
    OUT_OF_MEMORY = "out_of_memory"
    TRAINING_DIVERGED = "training_diverged"
    PATCH_PLACE_UNKNOWN = "patch_place_unknown"
    GENERATED_IMAGES_ALIKE = "generated_images_alike"
    MODEL_DAMAGED = "model_damaged"
    WEIGHTS_UNREADABLE = "weights_unreadable"
    RUN_UNKNOWN = "run_unknown"
    RUN_NOT_DONE = "run_not_done"
    NOTHING_TO_SCORE = "nothing_to_score"
    ITEM_UNKNOWN = "item_unknown"
    NOTHING_TO_TRAIN = "nothing_to_train"
    SPLIT_MADE = "split_made"
    DEFECTIVES_MOVED = "defectives_moved"
    # evaluation
    ONE_CLASS_ONLY = "one_class_only"
    NO_TEST_ITEMS = "no_test_items"
    RULE_UNKNOWN = "rule_unknown"
    RULE_UNREACHABLE = "rule_unreachable"
    THRESHOLD_ORDER = "threshold_order"
    NO_CALIBRATION_PARTS = "no_calibration_parts"
    RULE_NEEDS_DEFECTIVE = "rule_needs_defective"


WORDS: Final[Mapping[ProblemCode, str]] = {
    ProblemCode.PATH_MISSING: QT_TRANSLATE_NOOP("Problem", "{path} does not exist. Check the spelling, or whether the drive is connected."),
    ProblemCode.PATH_UNREADABLE: QT_TRANSLATE_NOOP("Problem", "{path} cannot be read. Ask its owner for permission to read it."),
    ProblemCode.BROKEN_LINK: QT_TRANSLATE_NOOP("Problem", "{path} is a link to a file that is gone. Restore the file or delete the link."),
    ProblemCode.NAME_NOT_TEXT: QT_TRANSLATE_NOOP("Problem", "The name of {path} holds bytes that are no text. Rename the file."),
    ProblemCode.FILE_EMPTY: QT_TRANSLATE_NOOP("Problem", "{path} is empty (0 bytes). Copy it again from the camera or the server."),
    ProblemCode.NOT_AN_IMAGE: QT_TRANSLATE_NOOP("Problem", "{path} is not an image, whatever its name says. Remove it, or save it as PNG."),
    ProblemCode.IMAGE_DAMAGED: QT_TRANSLATE_NOOP("Problem", "{path} is damaged or cut off. Copy it again from the camera or the server."),
    ProblemCode.IMAGE_TOO_LARGE: QT_TRANSLATE_NOOP(
        "Problem", "{path} claims to be {width} x {height} pixels, more than {limit} million. Cut it into smaller images."
    ),
    ProblemCode.IMAGE_NEEDS_MEMORY: QT_TRANSLATE_NOOP(
        "Problem", "There is not enough memory to open {path}. Close other programs, or cut it into smaller images."
    ),
    ProblemCode.IMAGE_ANIMATED: QT_TRANSLATE_NOOP(
        "Problem", "{path} holds {frames} pictures, as animations and scans of several pages do; only the first one is used."
    ),
    ProblemCode.IMAGE_CHANGED: QT_TRANSLATE_NOOP(
        "Problem", "{path} was changed since it was imported. Its label was kept, its scores were removed: check the label and score again."
    ),
    ProblemCode.IMAGE_FORMAT_UNSUPPORTED: QT_TRANSLATE_NOOP(
        "Problem", "{path} uses a kind of image that cannot be read ({detail}). Save it as PNG or uncompressed TIFF."
    ),
    ProblemCode.NOTHING_TO_IMPORT: QT_TRANSLATE_NOOP(
        "Problem", "There is no image and no table in {path}. Choose a folder with images, or a CSV file."
    ),
    ProblemCode.ONLY_TABLES: QT_TRANSLATE_NOOP(
        "Problem", "{path} holds no images but several tables ({tables}). Import the tables one by one."
    ),
    ProblemCode.SINGLE_IMAGE: QT_TRANSLATE_NOOP("Problem", "{path} is a single image. Import the folder that holds it."),
    ProblemCode.TABLE_EMPTY: QT_TRANSLATE_NOOP("Problem", "{path} holds no rows of data. Export the table again."),
    ProblemCode.TABLE_UNREADABLE: QT_TRANSLATE_NOOP(
        "Problem", "{path} cannot be read as a table ({detail}). Save it as CSV with one header row."
    ),
    ProblemCode.TABLE_ENCODING_UNKNOWN: QT_TRANSLATE_NOOP("Problem", "The text encoding of {path} is not known. Save it as CSV UTF-8."),
    ProblemCode.TABLE_DUPLICATE_COLUMNS: QT_TRANSLATE_NOOP(
        "Problem", "{path} has more than one column named {columns}; the later ones were renamed {renamed}."
    ),
    ProblemCode.TABLE_RAGGED_ROW: QT_TRANSLATE_NOOP(
        "Problem", "Line {line} of {path} has {found} cells instead of {expected} and was left out. Check the separators in that line."
    ),
    ProblemCode.TABLE_MORE_RAGGED_ROWS: QT_TRANSLATE_NOOP(
        "Problem", "{count} more lines of {path} have the wrong number of cells and were left out. Check the separators."
    ),
    ProblemCode.TABLE_COLUMN_TELLS_LABEL: QT_TRANSLATE_NOOP(
        "Problem",
        "Column {column} says nearly the same as the label and is ignored. Make it a feature if it is known before the judgement.",
    ),
    ProblemCode.TABLE_NOT_A_NUMBER: QT_TRANSLATE_NOOP(
        "Problem", "{count} cells of column {column} are not numbers (first: {example}, line {line}) and count as missing."
    ),
    ProblemCode.TABLE_MISSING_VALUES: QT_TRANSLATE_NOOP(
        "Problem", "{count} values of column {column} are missing or not finite; the median of the training rows stands in."
    ),
    ProblemCode.TABLE_NO_FEATURES: QT_TRANSLATE_NOOP(
        "Problem", "{path} has no column to learn from. Give at least one numeric column the role feature."
    ),
    ProblemCode.TABLE_COLUMN_MISSING: QT_TRANSLATE_NOOP("Problem", "{path} has no column named {column}. Its columns are: {columns}."),
    ProblemCode.TABLE_COLUMNS_DIFFER: QT_TRANSLATE_NOOP(
        "Problem", "The tables have different columns: {columns}. Train on one of them, or make the columns equal."
    ),
    ProblemCode.TABLE_LABEL_NOT_UNDERSTOOD: QT_TRANSLATE_NOOP(
        "Problem",
        "Label {value} in column {column} is not understood ({count} rows left without label). Use good and defective, or 0 and 1.",
    ),
    ProblemCode.PROJECT_EXISTS: QT_TRANSLATE_NOOP("Problem", "{path} exists already. Open it, or choose another name."),
    ProblemCode.PROJECT_NOT_FOUND: QT_TRANSLATE_NOOP(
        "Problem", "There is no Flawscope project at {path}. Choose a folder whose name ends in .flawscope."
    ),
    ProblemCode.PROJECT_DAMAGED: QT_TRANSLATE_NOOP(
        "Problem",
        "The database of {path} is damaged ({detail}). Restore the folder from a backup; backups made by the program lie beside it.",
    ),
    ProblemCode.PROJECT_TOO_NEW: QT_TRANSLATE_NOOP(
        "Problem", "{path} was written by a newer Flawscope. Install the newer version to open it."
    ),
    ProblemCode.PROJECT_IN_USE: QT_TRANSLATE_NOOP(
        "Problem", "{path} is open in another window ({holder}). Close it there, or open the project for reading only."
    ),
    ProblemCode.PROJECT_READ_ONLY: QT_TRANSLATE_NOOP(
        "Problem", "{path} is open for reading only. Copy it to a folder that you may write to, and open the copy."
    ),
    ProblemCode.PROJECT_NO_WAL: QT_TRANSLATE_NOOP(
        "Problem", "{path} lies on a network drive. It works, but slower and for one window at a time; a local drive is better."
    ),
    ProblemCode.PROJECT_DRIVE_FAILED: QT_TRANSLATE_NOOP(
        "Problem", "The drive that holds {path} does not answer ({detail}). Check the cable or the network, and open the project again."
    ),
    ProblemCode.DATABASE_BUSY: QT_TRANSLATE_NOOP("Problem", "The project database was busy for too long. Try again in a moment."),
    ProblemCode.DISK_FULL: QT_TRANSLATE_NOOP(
        "Problem", "The disk that holds {path} is full. Free some space and try again; what was saved before is safe."
    ),
    ProblemCode.FOLDER_READ_ONLY: QT_TRANSLATE_NOOP(
        "Problem", "Nothing may be written to {path}. Choose another folder, or ask for permission to write."
    ),
    ProblemCode.NOT_A_FOLDER: QT_TRANSLATE_NOOP("Problem", "{path} is a file, not a folder. Choose a folder to write to."),
    ProblemCode.NAME_IMPOSSIBLE: QT_TRANSLATE_NOOP(
        "Problem", "The disk cannot hold a file named {path}. Choose a shorter name without special characters."
    ),
    ProblemCode.DETECTOR_UNKNOWN: QT_TRANSLATE_NOOP("Problem", "There is no detector named {key}. Choose one of: {keys}."),
    ProblemCode.PARAMETER_INVALID: QT_TRANSLATE_NOOP("Problem", "Parameter {name}: {detail}. Choose another value."),
    ProblemCode.TOO_FEW_GOOD: QT_TRANSLATE_NOOP(
        "Problem",
        "{detector} needs at least {needed} good items in the training split, but there are {found}. Label more items good, or split again.",
    ),
    ProblemCode.TOO_FEW_DEFECTIVE: QT_TRANSLATE_NOOP(
        "Problem",
        "{detector} needs at least {needed} defective items in the training split, but there are {found}. Label more items defective, divide all items anew, or move some to the training split by hand.",
    ),
    ProblemCode.NO_CALIBRATION_GOODS: QT_TRANSLATE_NOOP(
        "Problem",
        "There are no good items to calibrate the threshold on, so the training items were used: expect more overkill than shown.",
    ),
    ProblemCode.CONSTANT_COLUMNS: QT_TRANSLATE_NOOP(
        "Problem", "These columns have the same value in every training row and tell nothing: {columns}."
    ),
    ProblemCode.FEWER_NEIGHBOURS: QT_TRANSLATE_NOOP(
        "Problem",
        "{asked} neighbours were asked for, but each training item has only {used} others beside it, so {used} are used. Label more items good.",
    ),
    ProblemCode.ALL_ITEMS_EQUAL: QT_TRANSLATE_NOOP(
        "Problem",
        "{detector} measures distances between training items, but all of them are equal. Label items good that differ, or choose another detector.",
    ),
    ProblemCode.RECOVERY_DOUBTFUL: QT_TRANSLATE_NOOP(
        "Problem",
        "The split of the items into a regular part (rank {rank}) and disturbed values ({share} %) is not to be trusted: too few items or columns, or too much noise. Take suspicious items as hints, or use PCA.",
    ),
    ProblemCode.STEPS_RAN_OUT: QT_TRANSLATE_NOOP(
        "Problem", "{detector} stopped after {steps} steps before it was exact. Allow more steps, or a larger tolerance."
    ),
    ProblemCode.DEVICE_UNAVAILABLE: QT_TRANSLATE_NOOP("Problem", "There is no {device} on this computer. Choose auto or cpu."),
    ProblemCode.OUT_OF_MEMORY: QT_TRANSLATE_NOOP(
        "Problem",
        "There is not enough memory for this ({needed} MB needed, {available} MB free). Choose smaller images or a smaller batch.",
    ),
    ProblemCode.PATCH_PLACE_UNKNOWN: QT_TRANSLATE_NOOP(
        "Problem",
        "How a patch lies to its neighbours cannot be told on this product (loss {loss}; guessing gives {guessing}), as on an even surface. Use CutPaste.",
    ),
    ProblemCode.TRAINING_DIVERGED: QT_TRANSLATE_NOOP(
        "Problem", "Training went astray: the loss is no longer a number. Choose a smaller learning rate."
    ),
    ProblemCode.GENERATED_IMAGES_ALIKE: QT_TRANSLATE_NOOP(
        "Problem",
        "The generated images vary only {share} % as much as the training images, so that good images which differ from them look suspicious. Train for more steps, or with another seed.",
    ),
    ProblemCode.MODEL_DAMAGED: QT_TRANSLATE_NOOP(
        "Problem", "The model in {path} was changed or damaged ({detail}) and is not used. Train again, or restore it from a backup."
    ),
    ProblemCode.WEIGHTS_UNREADABLE: QT_TRANSLATE_NOOP(
        "Problem",
        "The weights in {path} cannot be used ({detail}). Choose a .safetensors or .pth file of a ResNet-18 of the chosen size of the network, or leave the field empty.",
    ),
    ProblemCode.RUN_UNKNOWN: QT_TRANSLATE_NOOP("Problem", "This project has no run {run}."),
    ProblemCode.RUN_NOT_DONE: QT_TRANSLATE_NOOP("Problem", "Run {run} is {state}, so it has no model to use. Train again."),
    ProblemCode.NOTHING_TO_SCORE: QT_TRANSLATE_NOOP(
        "Problem", "There is nothing for run {run} to score. Import items of the kind it was trained on."
    ),
    ProblemCode.ITEM_UNKNOWN: QT_TRANSLATE_NOOP(
        "Problem",
        "This project has no item named {name}. Name images by their path below the imported folder, rows by their name; * stands for any part of it.",
    ),
    ProblemCode.NOTHING_TO_TRAIN: QT_TRANSLATE_NOOP(
        "Problem", "This project has no items that {detector} can learn from. Import {kind} first."
    ),
    ProblemCode.SPLIT_MADE: QT_TRANSLATE_NOOP(
        "Problem", "Items without a split were divided: {train} train, {calibration} calibration, {test} test (seed {seed})."
    ),
    ProblemCode.DEFECTIVES_MOVED: QT_TRANSLATE_NOOP(
        "Problem",
        "{moved} defective items were moved from the calibration split to the training split, for {detector} learns from them: now {train} train, {calibration} calibrate, {test} test. The test split was not touched.",
    ),
    ProblemCode.ONE_CLASS_ONLY: QT_TRANSLATE_NOOP(
        "Problem", "The {split} items are all {label}, so detection cannot be measured. Label some {missing} {split} items as well."
    ),
    ProblemCode.NO_TEST_ITEMS: QT_TRANSLATE_NOOP(
        "Problem", "There are no labelled and scored {split} items. Label items, split, and score run {run}."
    ),
    ProblemCode.RULE_UNKNOWN: QT_TRANSLATE_NOOP("Problem", "There is no threshold rule named {rule}. Choose one of: {rules}."),
    ProblemCode.RULE_UNREACHABLE: QT_TRANSLATE_NOOP(
        "Problem",
        "With {count} good calibration items the smallest overkill that can be promised is {least} %. Ask for more, or add good items.",
    ),
    ProblemCode.NO_CALIBRATION_PARTS: QT_TRANSLATE_NOOP(
        "Problem", "There are no good calibration items with a score to set a threshold from ({rule}). Label items good, split and score."
    ),
    ProblemCode.RULE_NEEDS_DEFECTIVE: QT_TRANSLATE_NOOP(
        "Problem",
        "The rule {rule} needs defective calibration items, and there are none. Label some and split again, or use good_only.",
    ),
    ProblemCode.THRESHOLD_ORDER: QT_TRANSLATE_NOOP("Problem", "T1 ({t1}) must not be above T2 ({t2})."),
}


@dataclass(frozen=True)
class Problem:
    """A code with the arguments that its sentence needs."""

    code: ProblemCode
    arguments: Mapping[str, str | int | float] = field(default_factory=dict)

    def sentence(self) -> str:
        """The English sentence."""
        return WORDS[self.code].format(**self.arguments)

    def to_json(self) -> str:
        return json.dumps({"code": self.code.value, "arguments": dict(self.arguments)}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Problem:
        """Inverse of `to_json`. Raises ValueError for an unknown code."""
        raw = json.loads(text)
        return cls(ProblemCode(raw["code"]), raw["arguments"])


class ProblemError(Exception):
    """An expected trouble that stops what was asked for."""

    def __init__(self, code: ProblemCode, **arguments: str | int | float) -> None:
        self.problem = Problem(code, arguments)
        super().__init__(self.problem.sentence())


_FILE_PROBLEMS: Final[Mapping[int | None, ProblemCode]] = {
    errno.ENOSPC: ProblemCode.DISK_FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): ProblemCode.DISK_FULL,
    errno.EACCES: ProblemCode.FOLDER_READ_ONLY,
    errno.EPERM: ProblemCode.FOLDER_READ_ONLY,
    errno.EROFS: ProblemCode.FOLDER_READ_ONLY,
    errno.EEXIST: ProblemCode.NOT_A_FOLDER,
    errno.ENOTDIR: ProblemCode.NOT_A_FOLDER,
    errno.ENAMETOOLONG: ProblemCode.NAME_IMPOSSIBLE,
    errno.EINVAL: ProblemCode.NAME_IMPOSSIBLE,  # on Windows: characters such as ? or *
}


@contextlib.contextmanager
def file_problems(path: Path) -> Iterator[None]:
    """Turns the expected troubles of writing files into a ProblemError about `path`; anything else passes as it is.

    DISK_FULL, FOLDER_READ_ONLY, NOT_A_FOLDER where a file is in the way, NAME_IMPOSSIBLE.
    """
    try:
        yield
    except OSError as error:
        code = _FILE_PROBLEMS.get(error.errno)
        if code is None:
            raise
        raise ProblemError(code, path=str(path)) from error
