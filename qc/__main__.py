"""``python -m qc``: the same as the command ``qc``."""

from __future__ import annotations

from qc.cli.main import run

if __name__ == "__main__":
    run()
