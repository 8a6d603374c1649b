"""Trains anomalib's GANomaly on a folder of pictures and prints the seconds of each epoch as JSON. `speed` runs this in an environment of
its own; nothing else may import it. Shipped defaults, but for the size and for what would stop it: its metrics are never computed."""

from __future__ import annotations

import argparse
import json
import logging
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lightning
import torch
from anomalib.data import Folder
from anomalib.engine import Engine
from anomalib.models import Ganomaly


class Clock(lightning.Callback):
    """The time between the ends of epochs, so that starting the loader's workers, which happens in each, is counted."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_train_start(self, *_: Any) -> None:
        self.ends.append(time.perf_counter())

    def on_train_epoch_end(self, *_: Any) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.ends.append(time.perf_counter())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", type=Path, help="folder whose folder `good` holds the pictures")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--accelerator", choices=("cpu", "gpu"), required=True)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(options.threads)
    data = Folder(
        name="pictures",
        root=options.pictures,
        normal_dir="good",
        train_batch_size=options.batch,
        num_workers=options.workers,
        val_split_mode="none",
        test_split_mode="none",
    )
    model = Ganomaly(
        batch_size=options.batch,
        n_features=options.width,
        pre_processor=Ganomaly.configure_pre_processor((options.size, options.size)),
        post_processor=False,
        evaluator=False,
        visualizer=False,
    )
    clock = Clock()
    with TemporaryDirectory() as place:
        engine = Engine(
            max_epochs=options.epochs,
            limit_val_batches=0,
            num_sanity_val_steps=0,
            callbacks=[clock],
            accelerator=options.accelerator,
            devices=1,
            default_root_dir=place,
            logger=False,
            enable_progress_bar=False,
        )
        engine.fit(model, datamodule=data)
    print(json.dumps([end - start for start, end in zip(clock.ends, clock.ends[1:], strict=False)]))


if __name__ == "__main__":
    main()
