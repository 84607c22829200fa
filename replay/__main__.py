"""``python -m replay``."""

import sys

from replay.command_line import application, main

__all__ = ["application", "main"]

if __name__ == "__main__":
    sys.exit(main())
