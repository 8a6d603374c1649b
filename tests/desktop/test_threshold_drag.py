"""A threshold must follow the hand at 100,000 scores. The benchmark prints the figures; the limit here is generous for busy machines."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.benchmarks.threshold_drag import COUNT, drag_frames, open_page, scored_project


def test_a_frame_of_a_drag_is_short_and_paints_the_visible_rows(qtbot, tmp_path: Path, monkeypatch) -> None:
    painted = []
    page = open_page(scored_project(tmp_path))
    qtbot.addWidget(page)
    try:
        monkeypatch.setattr(page.model, "item", lambda row, item=page.model.item: painted.append(row) or item(row))
        resets: list[None] = []
        page.model.modelReset.connect(lambda: resets.append(None))
        times = drag_frames(page, 40)
        assert page.model.rowCount() == COUNT
        assert np.median(times) < 50
        assert 40 <= len(painted) < 40 * 60
        assert resets == []
    finally:
        page.session.shutdown()
        page.session.deleteLater()
