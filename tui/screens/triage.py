"""Triage: runs, what waits in them, and the dossier of the item under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from schemas.errors import QcError
from tui.dossier_lines import dossier_lines
from tui.queue_model import COLUMNS
from tui.screens.acting import Acting
from tui.screens.base import View
from tui.screens.marking import Marking
from tui.widgets.bars import Key, Tabs
from tui.widgets.chart import Chart
from tui.widgets.line_edit import LineEdit
from tui.widgets.runs import RUN_COLUMNS, RunRows
from tui.widgets.table import Table
from tui.widgets.words import Said, Words
from tui.worker import SupersededError

if TYPE_CHECKING:
    from tui.evidence import Shown

_PAUSE_S = 0.03  # the dossier follows the cursor when it rests: a held key asks nothing


class TriageView(Marking, Acting, View):
    """Screen of the queue.

    Parameters
    ----------
    text : str
        Filter to begin with.
    """

    title_text = "triage"
    manual = (
        "What waits for a person. One letter is one verb, on the marked items if there are any, else on the cursor."
    )
    CSS = """
    TriageView #main { height: 1fr; }
    TriageView #runs { width: 26; border-right: vkey $panel; }
    TriageView #queue { width: 1fr; height: 1fr; }
    TriageView #dossier { width: 44%; border-left: vkey $panel; }
    TriageView #why { height: 45%; }
    TriageView #dossier.-small #why { height: 66%; }
    TriageView #views { height: 1; background: $surface; }
    TriageView #picture { height: 1fr; }
    TriageView #filter { height: 1; }
    TriageView.-narrow #main { layout: vertical; }
    TriageView.-narrow #runs { display: none; }
    TriageView.-mid #runs { display: none; }
    TriageView.-narrow #queue { height: 1fr; }
    TriageView.-narrow #dossier { width: 1fr; height: 55%; layout: horizontal; border-left: none; }
    TriageView.-narrow #dossier { border-top: hkey $panel; }
    TriageView.-narrow #dossier #why { width: 46%; height: 1fr; }
    TriageView.-narrow #views { display: none; }
    TriageView.-narrow #picture { width: 1fr; height: 1fr; }
    TriageView.-mid #dossier { width: 52; }
    TriageView.-wide #dossier { width: 40%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", show=False, key_display="/", id="triage.filter"),
        Binding("enter", "zoom", "show alone", show=False, id="triage.zoom"),
        Binding("right_square_bracket", "view(1)", "next picture", show=False, key_display="]", id="triage.next_view"),
        Binding(
            "left_square_bracket", "view(-1)", "picture before", show=False, key_display="[", id="triage.prev_view"
        ),
        Binding("s", "order", "sort by", show=False, id="triage.order"),
        Binding("ctrl+l,f5", "reload", "read again", show=False, id="triage.reload"),
        Binding("tab", "other_pane(1)", "next pane", show=False, id="triage.pane"),
        Binding("shift+tab", "other_pane(-1)", "pane before", show=False, id="triage.pane_back"),
        Binding("y", "copy", "copy the item's name and sentence", show=False, id="triage.copy"),
        Binding("J", "jump", "jump to a run, item or sample", show=False, id="triage.jump"),
        Binding("W", "save_queue", "keep this filter as a tab", show=False, id="triage.save"),
        *(Binding(str(at), f"tab({at - 1})", f"queue {at}", show=False, id=f"triage.tab{at}") for at in range(1, 10)),
    ]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.first_text = text
        self.shown: Shown | None = None
        self.view_at = 0
        self._follow: asyncio.Task[None] | None = None
        self._typing: asyncio.Task[None] | None = None
        self.fault = ""

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        self.model = self.review.queue_model(self.rows_changed)
        self.table = Table(COLUMNS, id="queue")
        self.runs = Table(RUN_COLUMNS, id="runs")
        self.chart, self.words, self.views = Chart(id="picture"), Words(id="why"), Tabs(id="views")
        dossier = Vertical(self.words, self.views, self.chart, id="dossier")
        line = LineEdit("/ filter: rule:2-2s analyte:ferritin verdict:reject run:R-12 mine new", id="filter")
        return (Tabs(id="tabs"), Horizontal(self.runs, self.table, dossier, id="main"), line)

    @property
    def line(self) -> LineEdit:
        """The line of the filter."""
        return self.query_one("#filter", LineEdit)

    async def on_mount(self) -> None:
        self.focus_now(self.table)
        self.table.empty_text = "reading …"
        self.chart.show(None)
        self.rows_changed()
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.line.set_value(self.first_text)
        self.spawn(self._begin())

    async def _begin(self) -> None:
        self.table.show_rows(self.model)
        await self._ask(self.first_text)
        self.table.empty_text = "nothing waits: the gate is a person's again" if not self.model.text else "nothing fits"
        self.table.refresh()
        self.spawn(self._read_runs())

    async def _ask(self, text: str, order: str | None = None) -> None:
        try:
            await self.model.load(text, order=order)
            self.fault = ""
        except QcError as error:
            self.fault = str(error).splitlines()[-1].strip()
            self.rows_changed()

    async def _read_runs(self) -> None:
        from qc.triage.runs import waiting_runs

        question = self.model.question
        if question is None or not self.runs.display:
            return
        rows = await self.desk.read_newest("runs", lambda _, con: waiting_runs(con))
        self.runs.show_rows(RunRows(rows), cursor=self.runs.cursor)

    def rows_changed(self) -> None:
        """Draw rows, header and keys again; the cursor stays where it is."""
        if not self.is_attached:
            return
        table = self.table
        if table.rows is self.model:
            table.virtual_size = table.virtual_size.with_height(self.model.n_rows + 1)
            if table.cursor >= self.model.n_rows:
                table.move_to(self.model.n_rows - 1)
            table.refresh()
        self._tell()
        self._schedule_dossier()

    def refresh_notices(self) -> None:
        """Show again what the header tells."""
        self._tell()

    def _tell(self) -> None:
        model = self.model
        count = f"{model.n_rows:,}"
        left = [Said(f"{count} {'waiting' if 'state:' not in model.text else 'items'}")]
        if not model.is_current:
            left = [Said("reading …", "muted")]
        if model.marks:
            n_hidden = self.n_hidden_marks()
            left.append(
                Said(
                    f"  ◆ {len(model.marks):,} marked" + (f" ({n_hidden} hidden)" if n_hidden else ""),
                    "note",
                    is_bold=True,
                )
            )
        if self.fault:
            left.append(Said(f"  {self.fault}", "bad"))
        elif model.is_newer:
            left.append(Said("  newer data are there: ctrl+l reads them", "warn", is_bold=True))
        right = [
            Said(
                f"{model.order} first" if model.order in ("gravest", "oldest", "newest") else f"by {model.order}",
                "muted",
            )
        ]
        if model.read_at is not None:
            right.append(Said(f"  as of {model.read_at:%H:%M} UTC", "muted"))
        self.tell(left, right)
        queues = self.review.queues()
        active = next((at for at, (_, text) in enumerate(queues) if text == model.text), -1)
        self.query_one("#tabs", Tabs).show([title for title, _ in queues], active)
        self.show_keys(self._keys())

    def _keys(self) -> list[Key]:
        if self.focused is not None and self.focused.id == "filter":
            return [Key("enter", "to the list"), Key("esc", "clear"), Key("ctrl+u", "delete")]
        n = len(self.model.marks)
        of = f" {n:,} marked" if n else ""
        off = bool(self.review.refusal_to_act())
        verbs = [("a", "approve"), ("x", "reject"), ("r", "repeat"), ("d", "dilute"), ("c", "comment")]
        keys = [Key(key, word + (of if key == "a" else ""), off) for key, word in verbs]
        keys += [
            Key("u", "undo", off),
            Key("space", "mark"),
            Key("/", "filter"),
            Key("]", "picture"),
            Key("enter", "alone"),
        ]
        return [*keys, Key("S", "sign", off), Key("*", "mark all"), Key("s", "sort")]

    def on_table_moved(self, event: Table.Moved) -> None:
        if event.table is self.table:
            self._schedule_dossier()

    async def on_table_chosen(self, event: Table.Chosen) -> None:
        await self.action_zoom()

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        self.spawn(self.action_tab(event.at))

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
        from tui.evidence import read_shown

        await asyncio.sleep(_PAUSE_S)
        try:
            shown = await self.desk.read_newest("dossier", lambda lab, con: read_shown(lab, con, item))
        except SupersededError:
            return
        except QcError as error:
            self.shown = None
            self.words.show([[Said(str(error), "bad")]])
            self.chart.show(None)
            return
        row = self.model.row(self.table.cursor)
        if row is None or row.item != item:
            return
        self.shown, self.view_at = shown, 0
        self._show_words()
        self._show_picture()

    def _show_words(self) -> None:
        row = self.model.row(self.table.cursor) if self.model.is_current else None
        if self.shown is None or row is None or str(self.shown.dossier.item) != row.item:
            # The words of another item never stand beside the cursor of this one.
            self.words.show([[Said(f"{row.item}  …", "muted")]] if row is not None else [])
            if row is None or self.shown is None:
                self.chart.show(None)
            return
        width = self.words.content_size.width
        self.words.show(dossier_lines(self.shown.dossier, self.model.state_of(row), width))

    def _show_picture(self) -> None:
        pictures = self.shown.pictures if self.shown else ()
        _, picture = pictures[self.view_at % len(pictures)] if pictures else ("", None)
        self.query_one("#dossier").set_class(bool(getattr(picture, "is_small", False)), "-small")
        self.views.show([name for name, _ in pictures], self.view_at % len(pictures) if pictures else -1)
        self.chart.show(picture, empty_text="no picture: this finding has neither number nor control")

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self.rows_changed)

    def action_view(self, step: int) -> None:
        if self.shown is not None and self.shown.pictures:
            self.view_at = (self.view_at + step) % len(self.shown.pictures)
            self._show_picture()

    async def action_zoom(self) -> None:
        from tui.screens.dossier import DossierView

        if self.focused is not None and self.focused.id == "filter":
            await self._leave_line()
        elif self.focused is self.runs:
            await self._only_run()
        else:
            row = await self.model.row_now(self.table.cursor)
            if row is not None:
                await self.review.go_to(DossierView(row, self))

    async def _only_run(self) -> None:
        rows = self.runs.rows
        if isinstance(rows, RunRows) and rows.n_rows:
            await self.filter_by(f"run:{rows.runs[self.runs.cursor].run}")
            self.focus_now(self.table)

    async def action_filter(self) -> None:
        self.focus_now(self.line)
        self._tell()

    async def _leave_line(self) -> None:
        if self._typing is not None:
            self._typing.cancel()
        if self.line.value.strip() != self.model.text or self.fault:
            await self._ask_anew(self.line.value.strip())
        self.focus_now(self.table)
        self._tell()

    async def action_back(self) -> None:
        if self.focused is not None and self.focused.id == "filter":
            self.line.set_value("")
            await self._leave_line()
        elif self.model.marks:
            self.drop_marks()
        elif self.model.text:
            await self.filter_by("")
        else:
            await super().action_back()

    async def line_changed(self, line: LineEdit) -> None:
        """Filter while it is typed.

        Parameters
        ----------
        line : LineEdit
            The line of the filter.
        """
        if self._typing is not None:
            self._typing.cancel()
        self._typing = self.spawn(self._filter_soon(line.value.strip()))

    async def _filter_soon(self, text: str) -> None:
        await asyncio.sleep(_PAUSE_S)
        await self._ask_anew(text)

    async def _ask_anew(self, text: str, order: str | None = None) -> None:
        self.table.cursor = 0
        self.table.scroll_to(y=0, animate=False, force=True, immediate=True)
        await self._ask(text, order)

    async def filter_by(self, text: str) -> None:
        """Show other items.

        Parameters
        ----------
        text : str
            Filter.
        """
        self.line.set_value(text)
        await self._ask_anew(text)

    async def action_tab(self, at: int) -> None:
        queues = self.review.queues()
        if at < len(queues):
            await self.filter_by(queues[at][1])

    async def action_order(self) -> None:
        from qc.triage.queue import ORDERS

        orders = list(ORDERS)
        await self._ask_anew(self.model.text, orders[(orders.index(self.model.order) + 1) % len(orders)])

    async def action_reload(self) -> None:
        row = self.model.row(self.table.cursor)
        self.shown = None
        await self._ask(self.model.text)
        if row is not None:
            rows = self.model.pages.get(0, [])
            self.table.move_to(next((at for at, one in enumerate(rows) if one.item == row.item), self.table.cursor))
        self.spawn(self._read_runs())

    def action_other_pane(self, step: int) -> None:
        panes: list[Widget] = [pane for pane in (self.runs, self.table, self.chart) if pane.display]
        at = panes.index(self.focused) if self.focused in panes else 0
        self.focus_now(panes[(at + step) % len(panes)])
        self.table.refresh()

    def action_copy(self) -> None:
        row = self.model.row(self.table.cursor)
        if row is not None:
            sentence = self.shown.dossier.findings[0][1].sentence if self.shown and self.shown.dossier.findings else ""
            self.review.copy(f"{row.item} {', '.join(row.rules)} {sentence}".strip())

    def action_jump(self) -> None:
        self.review.flow(self._jump())

    async def _jump(self) -> None:
        from tui.dialogs.ask import AskDialog

        text = await self.review.answer(
            AskDialog("Jump to a run, an item or a sample", "R9.5, serum-chem-1 or S-7K3QX")
        )
        if text:
            key = (
                "item"
                if text[:1] == "R" and text[1:2].isdigit()
                else "sample"
                if text.upper().startswith("S-")
                else "run"
            )
            await self.filter_by(f"{key}:{text} state:any")

    def action_save_queue(self) -> None:
        self.review.flow(self._save_queue())

    async def _save_queue(self) -> None:
        from tui.dialogs.ask import AskDialog

        title = await self.review.answer(AskDialog(f"Name of the tab for '{self.model.text}'", "one word"))
        if title:
            self.review.keep_queue(title, self.model.text)
            self._tell()
