"""Threads of torch must wait asleep, or a second busy program slows training down twenty times."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.packaging_scripts import ROOT


def test_policy_is_set_before_torch_is_loaded() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"} | {"OMP_DISPLAY_ENV": "true"}
    code = "import core.networks.loop"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    if "OMP_WAIT_POLICY" in done.stderr:  # what OpenMP itself took it for; not every build of it says
        assert "OMP_WAIT_POLICY = 'PASSIVE'" in done.stderr.replace("[host] ", "")


def test_a_person_may_choose_otherwise() -> None:
    code = "import os, core; print(os.environ['OMP_WAIT_POLICY'])"
    environment = {**os.environ, "OMP_WAIT_POLICY": "ACTIVE"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ACTIVE"
