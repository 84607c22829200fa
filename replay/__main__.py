"""``python -m replay``."""

import sys

from replay.command_line import main

if __name__ == "__main__":
    sys.exit(main())
