from __future__ import annotations

import ast
import unittest
from typing import Dict, List, Sequence, Set

from tests import SOURCE


class ImportsTest(unittest.TestCase):
    def test_no_modules_import_one_another_in_a_cycle_not_even_for_types(self):
        paths = {_module(path.relative_to(SOURCE).with_suffix("").parts): path for path in SOURCE.rglob("*.py")}
        imports: Dict[str, Set[str]] = {}
        for name, path in paths.items():
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            imports[name] = set()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.level:
                    parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                    base = ".".join([*parts, *filter(None, [node.module])])
                    found = (f"{base}.{alias.name}" for alias in node.names)
                    imports[name].update(module if module in paths else base for module in found)
        self.assertGreater(len(imports), 50)
        self.assertEqual([name for name in imports if _reaches(imports, name, name)], [])


def _module(parts: Sequence[str]) -> str:
    return ".".join(part for part in parts if part != "__init__")


def _reaches(imports: Dict[str, Set[str]], start: str, goal: str) -> bool:
    pending: List[str] = [*imports[start]]
    seen: Set[str] = set()
    while pending:
        module = pending.pop()
        if module == goal:
            return True
        if module not in seen:
            seen.add(module)
            pending += imports.get(module, ())
    return False


if __name__ == "__main__":
    unittest.main()
