"""Keys in the order in which they were pressed.

Textual hands a key to the widget that has the focus when it arrives, and looks for its meaning later. What is typed
ahead then finds the wrong screen: the ``r`` of ``/rule`` would ask for a repeat. Here each key has its whole effect
before the next one is looked at.
"""

from __future__ import annotations

from textual import events

from tui.terminal.painting import SparingApp
from tui.widgets.line_edit import LineEdit


class OrderedKeys(SparingApp):
    """App that finishes each key before the next."""

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.Paste)) and (self._exit or not self.screen_stack):
            return  # typed after the visit was ended
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.app_focus = True
            if event.time < getattr(self.screen, "deaf_before", 0.0):
                return  # typed before this dialog came, for what lies below it
            if await self._finish_or_tell(event):
                await self.steady()
                return
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            # A paste into no line is no command: its letters must not approve anything.
            if isinstance(self.focused, LineEdit):
                self.focused.insert(event.text)
                await self.line_changed(self.focused)
            return
        await super().on_event(event)

    async def _finish_or_tell(self, event: events.Key) -> bool:
        try:
            return await self._finish(event)
        except Exception as error:  # noqa: BLE001 - the app says which of them ends it
            self.failed(error)
            return True

    def failed(self, error: Exception) -> None:
        """Tell what went wrong with a key; by itself it ends the app."""
        raise error

    async def _finish(self, event: events.Key) -> bool:
        if await self._check_bindings(event.key, priority=True):
            return True
        line = self.focused
        if isinstance(line, LineEdit):
            before = line.value
            if line.take_key(event):
                if line.value != before:
                    await self.line_changed(line)
                return True
        return await self._check_bindings(event.key)

    async def steady(self) -> None:
        """Wait until what a key began is done, or asks something."""

    async def line_changed(self, line: LineEdit) -> None:
        """Tell the screen that a line was edited."""
        changed = getattr(self.screen, "line_changed", None)
        if changed is not None:
            await changed(line)
