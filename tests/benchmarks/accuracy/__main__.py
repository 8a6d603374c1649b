"""What the detectors reach on public data, beside what others printed.

    python -m tests.benchmarks.accuracy --data ../shared/data [--only tables robust] [--seeds 0 1 2] [--out FILE.json [--resume]]

Nothing is chosen by looking at test labels. A figure is the mean over the seeds, smallest and largest in brackets, what somebody else
printed in square brackets. How to write a part: see `bench`.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Final

from tests.benchmarks.accuracy.bench import Bench
from tests.benchmarks.accuracy.results import Results, notes

PARTS: Final = ("tables", "robust", "mnist", "images", "speed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False)
    parser.add_argument("--data", type=Path, required=True, help="folder with the public sets")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("--seeds", nargs="+", type=int, help="instead of the three that a part uses")
    parser.add_argument("--sets", nargs="+", default=[], help="only these data sets")
    parser.add_argument("--methods", nargs="+", default=[], help="only these methods, named as in the table")
    parser.add_argument("--device", default="cpu", help="torch device: cpu, cuda:0, mps")
    parser.add_argument("--out", type=Path, help="JSON file, written after every measurement")
    parser.add_argument("--resume", action="store_true", help="keep what --out holds and measure only the rest")
    parts = {name: importlib.import_module(f"tests.benchmarks.accuracy.{name}") for name in parser.parse_known_args()[0].only}
    for name, part in parts.items():
        if hasattr(part, "add_options"):
            part.add_options(parser.add_argument_group(f"part {name}"))
    parser.add_argument("-h", "--help", action="help", help="show this, with the options of the parts that --only names")
    options = parser.parse_args()
    if options.resume and not options.out:
        parser.error("--resume needs --out")
    results = Results(options.out, resume=options.resume)
    bench = Bench(
        data=options.data,
        results=results,
        device=options.device,
        seeds=options.seeds,
        sets=options.sets,
        methods=options.methods,
        options=vars(options),
    )
    for name in options.only:
        part = parts[name]
        part.run(bench)
        rows = [row for row in results.rows if row.part == name]
        if rows:
            print(f"\n## {part.TITLE}\n\n{part.report(rows)}\n{notes(rows)}")
            print("\n".join(dict.fromkeys(row.machine for row in rows)), flush=True)


if __name__ == "__main__":
    main()
