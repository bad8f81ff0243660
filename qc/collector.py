"""How often Python looks for circular garbage: seldom where much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 50_000
"""Objects after which the collector looks, instead of Python's 700: looking so often took a fifth of the CPU of an
assessment, for libraries and tables that all stay; waiting costs some 10 MB."""


def collect_seldom() -> None:
    """Let the collector look seldom in this process from now on; one that its owner turned off stays off."""
    often, *older = gc.get_threshold()
    if often:
        gc.set_threshold(max(often, NEW_OBJECTS), *older)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the collector look seldom for a while, and as before after it: the process may be somebody else's."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
