"""run.json: what was trained, on what, with what, and the hashes by which files can be told to be the same."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from core.project.identity import application_version
from core.project.opening import Project
from core.project.runs import RunRecord, snapshot_content, snapshot_digest
from core.project.thresholds import history
from core.reports.judgement import Judgement
from core.vocabulary import text_of

FORMAT: Final = 1


def run_json(project: Project, judgement: Judgement, files: Mapping[str, bytes]) -> bytes:
    """The whole file. `files` are the other files of the export by name. What the program does not know yet is null."""
    run = judgement.run
    content = {
        "format": FORMAT,
        "app_version": application_version(),
        "project_id": project.project_id,
        "run_id": run.id,
        "detector": run.detector,
        "parameters": dict(run.parameters),
        "seed": run.seed,
        "device": run.device,
        "precision": "float32",
        "deterministic": run.device == "cpu",
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "stopped_early": run.stopped_early,
        "snapshot": _snapshot(project, run),
        "roi_sha256": None,
        "model_sha256": run.model_sha256,
        "score": {"definition": "larger is more anomalous", "unit": None},
        "heat_scale_t": run.heat_scale,
        "thresholds": [
            {"t1": kept.t1, "t2": kept.t2, "rule": kept.rule, "basis": dict(kept.basis), "set_by": kept.set_by, "set_at": kept.set_at}
            for kept in history(project, run.id)
        ],
        "goal": None,
        "seal": None,
        "environment": run.environment,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8", errors="replace")


def _snapshot(project: Project, run: RunRecord) -> dict[str, Any] | None:
    if run.snapshot_id is None:
        return None
    counted = Counter((text_of(item.split), text_of(item.label) or "none") for item in snapshot_content(project, run.snapshot_id))
    counts: dict[str, dict[str, int]] = {}
    for (split, label), count in sorted(counted.items()):
        counts.setdefault(split, {})[label] = count
    return {"id": run.snapshot_id, "sha256": snapshot_digest(project, run.snapshot_id), "counts": counts}
