"""``main.py`` in one process, however many stacks there are: what its several processes are compared with."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import main
from modules.app import parallel_build

if __name__ == "__main__":
    parallel_build.STACKS_IN_THIS_PROCESS = sys.maxsize
    sys.exit(main.main())
