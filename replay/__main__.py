"""``python -m replay``."""

from replay.command_line import application

if __name__ == "__main__":
    application(prog_name="python -m replay")
