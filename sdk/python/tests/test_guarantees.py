from __future__ import annotations

import re
import unittest
from pathlib import Path

from tests import SOURCE


class GuaranteesTest(unittest.TestCase):
    def test_every_guarantee_of_delivery_names_tests_that_exist(self):
        text = (SOURCE / "signalbox/delivery/README.md").read_text("utf-8")
        guarantees = re.findall(r"^\d+\. \*\*.*?(?=^\d+\. |^\S|\Z)", text, flags=re.M | re.S)
        tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
        existing = set(re.findall(r"def (test_\w+)", tests))
        self.assertGreaterEqual(len(guarantees), 10)
        for guarantee in guarantees:
            named = set(re.findall(r"`(test_\w+)`", guarantee))
            self.assertTrue(named, guarantee)
            self.assertEqual(named - existing, set())


if __name__ == "__main__":
    unittest.main()
