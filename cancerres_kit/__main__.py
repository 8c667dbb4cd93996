"""Run the command line with ``python -m cancerres_kit`` where its script is not on the path."""

import sys

from cancerres_kit.cli import main

sys.exit(main())
