"""All commands with their keys, and the keys that count now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.keys import format_key

from tui.dialogs.choice import ChoiceDialog
from tui.widgets.columns import Cell, Column

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

    from tui.shell.acts import Acts

_COLUMNS = (Column("key", 12), Column("what it does", 30, weight=2), Column("name in a keymap", 18, weight=1, rank=1))
_GROUPS = ("act", "dossier", "", "view", "app", "table", "chart")
_SCREEN = _GROUPS.index("")  # what a screen alone does stands after the verbs
_NO_COMMAND = {"app.palette", "app.keys"}


def active(app: Acts) -> list[ActiveBinding]:
    """Return the bindings that count now, those of the screen first."""
    seen: dict[str, ActiveBinding] = {}
    for bound in app.screen.active_bindings.values():
        if bound.binding.description and bound.binding.id:  # what has no name is of the library, not ours
            seen.setdefault(bound.binding.action, bound)
    return sorted(seen.values(), key=_rank)


def _rank(bound: ActiveBinding) -> int:
    """Return where a command stands: verbs, then what the screen does, then other screens, then moving about."""
    group = (bound.binding.id or "").partition(".")[0]
    return _GROUPS.index(group) if group in _GROUPS else _SCREEN


def _rows(app: Acts, bound: list[ActiveBinding]) -> list[list[Cell]]:
    keys: dict[str, list[str]] = {}
    for key, one in app.screen.active_bindings.items():
        keys.setdefault(one.binding.action, []).append(one.binding.key_display or format_key(key))
    return [
        [
            Cell(" ".join(dict.fromkeys(keys.get(one.binding.action, []))), "warn"),
            Cell(one.binding.description),
            Cell(one.binding.id or "", "muted"),
        ]
        for one in bound
    ]


async def ask_keys(app: Acts) -> None:
    """Show the keys that count now."""
    bound = active(app)
    manual = getattr(app.screen, "manual", "")
    await app.answer(ChoiceDialog(manual or "Keys", _COLUMNS, _rows(app, bound), can_choose=False))


async def ask_command(app: Acts) -> None:
    """Let a command be chosen by its name, and do it."""
    bound = [one for one in active(app) if one.binding.action not in _NO_COMMAND]
    chosen = await app.answer(ChoiceDialog("Commands", _COLUMNS, _rows(app, bound)))
    if chosen is not None:
        await app.run_action(bound[chosen].binding.action, bound[chosen].node)
