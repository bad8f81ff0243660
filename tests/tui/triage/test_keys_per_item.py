from __future__ import annotations

import qc
from qc.decide.queue_causes import by_cause

MOST_KEYS_PER_ITEM = 2.2
WAY_TO_SETTLE = {"reject": ("x", "down", "ctrl+s"), "warn": ("a",)}
"""Keys for what stands alone: a rejection with the first reason that fits, an approval over a warning."""
FOR_A_CAUSE = {"reject": ("x", "down", "ctrl+s"), "warn": ("a", "k", "ctrl+s")}
"""Keys for all items of a cause: approving several over a warning needs a word, here one letter."""


def test_what_waits_after_the_first_night_is_settled_with_few_keys(reviewing, run, demo_folder):
    lab = qc.open_lab(demo_folder)
    told, n_items = by_cause(lab.queue()), len(lab.queue())

    async def journey():
        n_keys = 0
        async with reviewing(demo_folder, by_cause=True) as reviewer:
            table, model = reviewer.app.screen.table, reviewer.model
            for _ in range(told.n_items):
                cause, row = model.cause_at(table.cursor), model.row(table.cursor)
                verdict = (cause or row).verdict.value
                keys = (FOR_A_CAUSE if cause else WAY_TO_SETTLE)[verdict]
                n_before = len(reviewer.acts())
                await reviewer.press(*keys)
                await reviewer.until(lambda n=n_before: len(reviewer.acts()) > n)
                await reviewer.until(lambda: model.is_current)
                n_keys += len(keys)
        return n_keys

    n_keys = run(journey())

    assert lab.queue() == []
    assert n_keys <= MOST_KEYS_PER_ITEM * told.n_items < MOST_KEYS_PER_ITEM * n_items
