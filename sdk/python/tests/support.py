"""Shared by the tests."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path
from typing import Any, Dict, Optional

import signalbox
from signalbox.control.launcher import RANK_VARIABLES, WORLD_VARIABLES
from tests import SOURCE
from tests.fake_dashboard import API_KEY, FakeDashboard


class DashboardTest(unittest.TestCase):
    """Gives each test its own dashboard and folder, and no settings from the environment."""

    def setUp(self) -> None:
        self.dashboard = FakeDashboard().start()
        self.addCleanup(self.dashboard.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)
        kept = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(kept)))
        for name in list(os.environ):
            if name.startswith("SIGNALBOX_") or name in (*RANK_VARIABLES, *WORLD_VARIABLES, "LOCAL_RANK"):
                del os.environ[name]
        os.environ["SIGNALBOX_QUIET"] = "1"
        logging.getLogger("signalbox").setLevel(logging.CRITICAL)
        self.addCleanup(logging.getLogger("signalbox").setLevel, logging.NOTSET)

    def init(self, **fields: Any) -> signalbox.Run:
        """Starts a run on this test's dashboard; it ends with the test."""
        given: Dict[str, Any] = {
            "id": "run",
            "dir": self.dir,
            "url": self.dashboard.url,
            "api_key": API_KEY,
            **fields,
        }
        run = signalbox.init(**given)
        self.addCleanup(run.finish, timeout=0.1)
        return run

    def environment(self) -> Dict[str, str]:
        """The environment of a script in another process."""
        return {
            **os.environ,
            "PYTHONPATH": str(SOURCE),
            "SIGNALBOX_URL": self.dashboard.url,
            "SIGNALBOX_API_KEY": API_KEY,
        }

    def script(self, code: str, *, wait: bool = True) -> "subprocess.Popen[str]":
        """Runs a training script in this test's folder."""
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)],
            cwd=self.dir,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(_end, process)
        if wait:
            process.output = process.communicate(timeout=60)  # type: ignore[attr-defined]
        return process

    def end_of(self, job_id: str = "run") -> Optional[Dict[str, Any]]:
        """The last report of a run."""
        reports = self.dashboard.job(job_id)["reports"]
        return reports[-1] if reports else None


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
    process.communicate()
