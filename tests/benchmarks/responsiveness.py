"""How soon the window is usable, and how smooth it stays while a detector trains.

    python -m tests.benchmarks.responsiveness

Cold start: a new process each time, from its first instruction to the first painted frame of the window. Smoothness: a 5 ms timer in
the GUI thread while the Autoencoder trains on the sample, against the same timer in the same process before the training.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

_START: Final = """
import time; begin = time.perf_counter()
import sys
from desktop.application import Program
program = Program(sys.argv[:1])
program.window.show()
program.application.processEvents()
print(time.perf_counter() - begin, "torch" in sys.modules)
program.window.close()
program.end()
"""
_TICK_MS: Final = 5


def cold_starts(home: Path, times: int) -> list[float]:
    """Seconds from the start of the interpreter to the painted window, once for each new process."""
    environment = {**os.environ, "FLAWSCOPE_HOME": str(home)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", _START], env=environment, capture_output=True, text=True, check=True)
        whole = time.perf_counter() - begin
        inside, with_torch = done.stdout.split()
        print(f"  start: window after {float(inside):.2f} s, process {whole:.2f} s, torch loaded: {with_torch}")
        seconds.append(float(inside))
    return seconds


def smoothness(home: Path, seconds: float) -> dict[str, np.ndarray]:
    """Gaps in ms between ticks of a timer, idle and while the Autoencoder trains on the sample images."""
    os.environ["FLAWSCOPE_HOME"] = str(home)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    from core.job_context import QuietContext
    from core.training.request import TrainingRequest
    from core.training.run import execute_run, queue_run
    from desktop.application import Program
    from desktop.sample_project import prepare_sample

    place = prepare_sample(QuietContext(), home / "sample")
    program = Program(sys.argv[:1])
    program.window.show()
    program.open_first(place)
    session = program.session
    assert session.project is not None

    def gaps(duration: float) -> np.ndarray:
        loop, ticks = QEventLoop(), [time.perf_counter()]
        timer = QTimer(interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
        timer.start()
        QTimer.singleShot(int(duration * 1000), loop.quit)
        loop.exec()
        timer.stop()
        return 1000 * np.diff(ticks)

    gaps(2)
    measured = {"idle": gaps(seconds / 2)}
    session.request_page("train")
    request = TrainingRequest(detector="autoencoder", parameters={}, preset="thorough", seed=0, device="cpu")
    run_id = queue_run(session.project, request)
    job = session.jobs.start("compute", "benchmark", lambda context: execute_run(session.project, run_id, context))
    measured["training"] = gaps(seconds)
    session.jobs.cancel(job)
    program.window.close()
    program.end()
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20)
    chosen = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        starts = cold_starts(Path(folder), chosen.starts)
        print(f"cold start: first {starts[0]:.2f} s, then median {np.median(starts[1:] or starts):.2f} s")
        for name, gaps in smoothness(Path(folder), chosen.seconds).items():
            quantiles = np.quantile(gaps, (0.5, 0.99))
            print(f"{_TICK_MS} ms timer, {name}: median {quantiles[0]:.1f} ms, p99 {quantiles[1]:.1f} ms, worst {gaps.max():.0f} ms")


if __name__ == "__main__":
    main()
