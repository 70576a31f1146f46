"""Runs every snippet of the documentation unchanged."""

from __future__ import annotations

import importlib.util
import re
import unittest
from pathlib import Path
from typing import Iterator, Tuple

from tests.fake_dashboard import API_KEY
from tests.support import SOURCE, DashboardTest

ROOT = SOURCE.parents[2]
DOCUMENTS = ("sdk/python/README.md", "docs/attach-a-script.md", "docs/hugging-face.md")


def snippets(path: Path) -> Iterator[Tuple[int, str]]:
    """Numbered Python blocks."""
    blocks = re.findall(r"^```python\n(.*?)^```", path.read_text("utf-8"), flags=re.M | re.S)
    return enumerate(blocks, 1)


class DocumentsTest(DashboardTest):
    def test_every_snippet_runs_unchanged(self):
        for name in DOCUMENTS:
            for number, code in snippets(ROOT / name):
                with self.subTest(f"{name}, snippet {number}"):
                    if "transformers" in code and importlib.util.find_spec("transformers") is None:
                        self.skipTest("transformers is not installed")
                    if "Client()" in code or "JobStreamer" in code:
                        # Needs a whole dashboard: see e2e/python-run.spec.ts.
                        compile(code, name, "exec")
                        continue
                    process = self.script(code)
                    self.assertEqual(process.returncode, 0, process.output[1][-2000:])
        ended = [job["reports"][-1]["status"] for job in self.dashboard.jobs.values()]
        self.assertGreaterEqual(len(ended), 6)
        self.assertEqual(set(ended), {"succeeded"})
        self.assertTrue(API_KEY)


if __name__ == "__main__":
    unittest.main()
