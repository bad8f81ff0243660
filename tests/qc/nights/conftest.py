from __future__ import annotations

collect_ignore = ["killed_listener.py", "killed_watcher.py"]  # programs of their own, which fork
