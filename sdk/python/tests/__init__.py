"""Run from the folder above: `python3 -m unittest discover -s tests -t .`; nothing has to be installed."""

import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
if str(SOURCE) not in sys.path:
    sys.path.insert(0, str(SOURCE))
