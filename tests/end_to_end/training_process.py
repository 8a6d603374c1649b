"""A process that trains, for tests that kill it. Arguments: project folder, epochs, and the epoch before whose end it waits to be killed.

Prints the run's id, then "waiting" when it is in the middle of the training.
"""

from __future__ import annotations

import sys
from pathlib import Path

from core.job_context import QuietContext
from core.project.opening import open_project
from core.training.request import TrainingRequest
from core.training.run import execute_run, queue_run


class WaitingContext(QuietContext):
    """Stops while the calibration items are looked at, so that the kill always finds it at work."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.epoch = epoch
        self.finished = 0

    def metric(self, name: str, step: int, value: float) -> None:
        self.finished = step

    def check(self) -> None:
        if self.finished == self.epoch:
            print("waiting", flush=True)
            sys.stdin.read()


def main() -> None:
    folder, epochs, stop_after = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    parameters = {"image_size": 32, "width": 4, "latent_size": 4, "batch_size": 8, "epochs": epochs}
    with open_project(Path(folder)) as project:
        run_id = queue_run(project, TrainingRequest(detector="autoencoder", parameters=parameters, device="cpu"))
        print(run_id, flush=True)
        execute_run(project, run_id, WaitingContext(stop_after))


if __name__ == "__main__":
    main()
