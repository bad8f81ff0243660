"""The pane of the dossier: it and its picture are those of the item under the cursor, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from schemas.errors import QcError
from tui.model.worker import SupersededError
from tui.shell.view import View
from tui.text.cause_lines import cause_lines
from tui.text.dossier_lines import dossier_lines
from tui.widgets.bars import Tabs
from tui.widgets.chart import Chart
from tui.widgets.table import Table
from tui.widgets.words import Line, Span, Words

if TYPE_CHECKING:
    from tui.model.evidence import Evidence
    from tui.model.queue_rows import QueueRows

_PAUSE_S = 0.03  # the dossier follows the cursor when it rests: a held key asks nothing


class DossierPane(View):
    """Screen whose dossier follows the cursor of its list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket", "view(1)", "next picture", show=False, key_display="]", id="triage.next_view"),
        Binding(
            "left_square_bracket", "view(-1)", "picture before", show=False, key_display="[", id="triage.prev_view"
        ),
        Binding("y", "copy", "copy the item's name and sentence", show=False, id="triage.copy"),
    ]
    model: QueueRows
    table: Table
    words: Words
    views: Tabs
    chart: Chart
    shown: Evidence | None = None
    view_at = 0
    _follow: asyncio.Task[None] | None = None

    def _schedule_dossier(self) -> None:
        row = self.model.row(self.table.cursor) if self.model.is_current else None
        shown = str(self.shown.dossier.item) if self.shown else ""
        if row is None or row.item == shown:
            self._show_words()
            return
        if self._follow is not None:
            self._follow.cancel()
        self._follow = self.spawn(self._read_dossier(row.item))

    async def _read_dossier(self, item: str) -> None:
        from tui.model.evidence import read_evidence

        await asyncio.sleep(_PAUSE_S)
        try:
            shown = await self.desk.read_newest("dossier", lambda lab, con: read_evidence(lab, con, item))
        except SupersededError:
            return
        except QcError as error:
            self.shown = None
            self.words.show([[Span(str(error), "bad")]])
            self.chart.show(None)
            return
        row = self.model.row(self.table.cursor)
        if row is None or row.item != item or not self.is_there:
            return
        self.shown, self.view_at = shown, 0
        self._show_words()
        self._show_picture()

    def _show_words(self) -> None:
        instead = self.words_instead()
        dossier = self.query_one("#dossier")
        dossier.set_class(bool(instead), "-alone")
        if instead:
            self.words.show(instead)
            self.views.show([], -1)
            return
        row = self.model.row(self.table.cursor) if self.model.is_current else None
        cause = self.model.cause_at(self.table.cursor) if self.model.is_current else None
        if cause is not None:
            dossier.set_class(True, "-alone")
            is_unfolded = self.model.is_unfolded(self.table.cursor)
            self.words.show(cause_lines(cause, self.words.content_size.width, is_unfolded=is_unfolded))
            self.views.show([], -1)
            return
        if self.shown is None or row is None or str(self.shown.dossier.item) != row.item:
            # The words of another item never stand beside the cursor of this one.
            self.words.show([[Span(f"{row.item}  …", "muted")]] if row is not None else [])
            if row is None or self.shown is None:
                self.views.show([], -1)
                self.chart.show(None)
            return
        width = self.words.content_size.width
        self.words.show(dossier_lines(self.shown.dossier, self.model.state_of(row), width))

    def words_instead(self) -> Sequence[Line]:
        """Return what is said instead of a dossier; nothing by default."""
        return ()

    def _show_picture(self) -> None:
        pictures = self.shown.pictures if self.shown else ()
        _, picture = pictures[self.view_at % len(pictures)] if pictures else ("", None)
        self.query_one("#dossier").set_class(bool(getattr(picture, "is_small", False)), "-small")
        self.views.show([name for name, _ in pictures], self.view_at % len(pictures) if pictures else -1)
        self.chart.show(picture, empty_text="no picture: this finding has neither number nor control")

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        if event.tabs.id == "views":
            self.view_at = event.at
            self._show_picture()

    def action_view(self, step: int) -> None:
        if self.shown is not None and self.shown.pictures:
            self.view_at = (self.view_at + step) % len(self.shown.pictures)
            self._show_picture()

    def action_copy(self) -> None:
        row, cause = self.model.row(self.table.cursor), self.model.cause_at(self.table.cursor)
        if cause is not None:
            self.review.copy(f"{cause.cause} {', '.join(cause.rules)} {cause.says}")
        elif row is not None:
            sentence = self.shown.dossier.findings[0][1].sentence if self.shown and self.shown.dossier.findings else ""
            self.review.copy(f"{row.item} {', '.join(row.rules)} {sentence}".strip())
