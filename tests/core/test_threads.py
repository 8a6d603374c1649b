"""Threads of torch must wait asleep, or a second busy program slows training down twenty times."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.packaging_scripts import ROOT


def test_threads_of_torch_do_not_spin() -> None:
    """GNU's OpenMP tells how often it spins when it is loaded; it prints PASSIVE as its policy even when it does spin."""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"} | {"OMP_DISPLAY_ENV": "verbose"}
    code = "import os, core.networks.loop; print(os.environ['OMP_WAIT_POLICY'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "PASSIVE"
    if "GOMP_SPINCOUNT" in done.stderr:  # other builds of OpenMP do not say
        assert "GOMP_SPINCOUNT = '0'" in done.stderr


def test_a_person_may_choose_otherwise() -> None:
    code = "import os, core; print(os.environ['OMP_WAIT_POLICY'])"
    environment = {**os.environ, "OMP_WAIT_POLICY": "ACTIVE"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ACTIVE"
