"""Write: judged runs into the facts, and which runs are stale."""
