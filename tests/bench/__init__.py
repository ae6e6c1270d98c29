"""Figures as ratios, taken side by side in one run: `python -m tests.bench`. Never pass or fail."""

import os

# Installed programs have their bytecode; where the environment forbids writing it, each start would compile all of ours anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
