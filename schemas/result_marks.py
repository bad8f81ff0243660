"""Marks that a message gives to a result of its own: what replaces what, and what its sender has withdrawn."""

from __future__ import annotations

REPLACED = "replaced by"
"""A later result of the same file corrects this one: ``replaced by '32' in line 5``."""
WITHDRAWN = "withdrawn by its sender"
"""A later line of the same file deletes this result, or calls it wrong: ``withdrawn by its sender in line 5``."""
CORRECTS = "corrects"
"""This result corrects an earlier one: ``corrects '23' in line 4``."""
SUPERSEDED = f"{REPLACED}|{WITHDRAWN}"
"""Pattern of the marks of a result that its sender no longer stands by."""
EXPIRED = "reagents expired on"
"""Reagents were out of date: ``reagents expired on 2025-04-30 and the run began on 2025-05-05``."""
IN_DOUBT = "in doubt"
"""What a file lets nobody be sure of: ``in doubt: its sample has lost digits in a spreadsheet``."""
