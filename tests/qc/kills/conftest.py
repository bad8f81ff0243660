from __future__ import annotations

collect_ignore = ["killed_commands.py", "look.py", "story.py"]  # a program of its own, which sets its environment
