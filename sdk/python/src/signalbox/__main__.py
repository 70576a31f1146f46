"""`python -m signalbox`."""

import sys

from .cli.main import main

sys.exit(main())
