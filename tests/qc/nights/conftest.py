from __future__ import annotations

collect_ignore = ["killed_listener.py"]  # a program of its own, which forks listeners
