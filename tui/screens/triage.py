"""Triage: runs, what waits in them, and the dossier of the item under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.shell.look_behind import is_masked
from tui.text.filter_lines import filter_lines
from tui.text.queue_cells import COLUMNS
from tui.text.run_cells import RUN_COLUMNS, RunRows
from tui.triage.bulk_verbs import BulkVerbs
from tui.triage.dossier_pane import DossierPane
from tui.triage.filter_line import IN_SPITE, FilterLine
from tui.triage.mark_keys import MarkKeys
from tui.widgets.bars import Key, Tabs
from tui.widgets.chart import Chart
from tui.widgets.line_edit import LineEdit
from tui.widgets.table import Table
from tui.widgets.words import Line, Span, Words, wrapped

_PAUSE_S = 0.03  # the dossier follows the cursor when it rests: a held key asks nothing


class TriageView(FilterLine, DossierPane, MarkKeys, BulkVerbs):
    """Screen of the queue."""

    title_text = "triage"
    manual = (
        "What waits for a person. One letter is one verb, on the marked items if there are any, else on the cursor."
    )
    CSS = """
    TriageView #main { height: 1fr; }
    TriageView #runs { width: 26; border-right: vkey $foreground 25%; }
    TriageView #queue { width: 1fr; height: 1fr; }
    TriageView #dossier { width: 44%; border-left: vkey $foreground 25%; }
    TriageView #why { height: 45%; }
    TriageView #dossier.-small #why { height: 66%; }
    TriageView #dossier.-alone #why { width: 1fr; height: 1fr; }
    TriageView #dossier.-alone #picture, TriageView #dossier.-alone #views { display: none; }
    TriageView #views { height: 1; background: $surface; }
    TriageView #picture { height: 1fr; }
    TriageView #filter { height: 1; }
    TriageView.-narrow #main { layout: vertical; }
    TriageView.-narrow #runs { display: none; }
    TriageView.-mid #runs { display: none; }
    TriageView.-narrow #queue { height: 1fr; }
    TriageView.-narrow #dossier { width: 1fr; height: 56%; layout: horizontal; border-left: none; }
    TriageView.-narrow #dossier #why { width: 46%; height: 1fr; }
    TriageView.-narrow #dossier.-alone #why { width: 1fr; }
    TriageView.-narrow #views { dock: top; background: $panel; }
    TriageView.-narrow #picture { width: 1fr; height: 1fr; }
    TriageView.-mid #dossier { width: 52; }
    TriageView.-wide #dossier { width: 40%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "zoom", "show alone", show=False, id="triage.zoom"),
        Binding("o", "fold", "unfold a cause, or fold it", show=False, id="triage.fold"),
        Binding("K", "causes", "causes, or every item by itself", show=False, id="triage.causes"),
        Binding("tab", "other_pane(1)", "next pane", show=False, id="triage.pane"),
        Binding("shift+tab", "other_pane(-1)", "pane before", show=False, id="triage.pane_back"),
    ]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.first_text = text

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        self.model = self.review.queue_rows(self.rows_changed)
        self.table = Table(COLUMNS, id="queue")
        self.runs = Table(RUN_COLUMNS, id="runs")
        self.chart, self.words, self.views = Chart(id="picture"), Words(id="why"), Tabs(id="views", is_numbered=False)
        dossier = Vertical(self.words, self.views, self.chart, id="dossier")
        line = LineEdit("/ filter: rule:2-2s analyte:ferritin verdict:reject run:R-12 mine new", id="filter")
        return (Tabs(id="tabs"), Horizontal(self.runs, self.table, dossier, id="main"), line)

    async def on_mount(self) -> None:
        self.focus_now(self.table)
        self.table.empty_text = "reading …"
        self.chart.show(None)
        self.rows_changed()
        self.when_shown(self._start)

    def _start(self) -> None:
        self.line.set_value(self.first_text)
        self.spawn(self._begin())

    async def _begin(self) -> None:
        self.table.show_rows(self.model)
        await self._ask(self.first_text)
        self.spawn(self._read_runs())

    def reread(self) -> None:
        """Read again what stands beside the list."""
        self.shown = None
        self._schedule_dossier()
        self.spawn(self._read_runs())

    async def read_again(self) -> None:
        """Read the list again, and what stands beside it."""
        await self.action_reload()

    async def _read_runs(self) -> None:
        from qc.triage.waiting_runs import waiting_runs

        question = self.model.question
        if question is None or not self.runs.display:
            return
        rows = await self.desk.read_newest("runs", lambda _, con: waiting_runs(con))
        self.runs.show_rows(RunRows(rows), cursor=self.runs.cursor)

    def rows_changed(self) -> None:
        """Draw rows, header and keys again; the cursor stays where it is."""
        if not self.is_there:
            return
        table = self.table
        if table.rows is self.model:
            table.empty_text = self._empty_words()
            table.virtual_size = table.virtual_size.with_height(self.model.n_rows + 1)
            if table.cursor >= self.model.n_rows:
                table.move_to(self.model.n_rows - 1)
            table.refresh()
        self.tell_all()
        self._schedule_dossier()

    def refresh_notices(self) -> None:
        """Show again what the header tells."""
        self.tell_all()

    def tell_all(self) -> None:
        """Show header, tabs and keys again."""
        model = self.model
        left = self._counted() if model.is_current else [Span("" if self.fault else "reading …", "muted")]
        if model.marks:
            left.append(Span(f"  ◆ {len(model.marks):,} marked{self.hidden_marks()}", "note", is_bold=True))
        if self.fault:
            words = "the filter is not understood" if self.is_filter_at_fault else "the queue could not be read"
            left.append(Span(f"  {words}", "bad", is_bold=True))
        elif model.is_newer:
            left.append(Span("  newer data are there: ctrl+l reads them", "warn", is_bold=True))
        right = [
            Span(
                f"{model.order} first" if model.order in ("gravest", "oldest", "newest") else f"by {model.order}",
                "muted",
            )
        ]
        if model.read_at is not None:
            right.append(Span(f"  as of {model.read_at:%H:%M} UTC", "muted"))
        self.tell(left, right)
        queues = self.review.queues()
        active = next((at for at, (_, text) in enumerate(queues) if text == model.text), -1)
        self.query_one("#tabs", Tabs).show([*(title for title, _ in queues), IN_SPITE], active)
        self.show_keys(self._keys())

    def _counted(self) -> list[Span]:
        n, n_decided = self.model.n_items, self.model.n_decided()
        if "state:" in self.model.text:
            return [Span(f"{n:,} item{'' if n == 1 else 's'}")]
        decided = [Span(f"  {n_decided:,} decided: ctrl+l clears", "good")] if n_decided else []
        if not self.model.cause_names():
            return [Span(f"{n - n_decided:,} waiting"), *decided]
        n_causes, n_alone = self.model.n_things()
        shared = f": {n_causes:,} shared cause{'' if n_causes == 1 else 's'}" if n_causes else ""
        return [Span(f"{n_causes + n_alone:,} waiting{shared}"), *decided]

    def _empty_words(self) -> str:
        if not self.model.is_current:
            return "no items are shown" if self.fault else "reading …"
        if not self.model.n_waiting:
            return "nothing waits: every item is decided; f9 leads on to the release"
        return f"nothing fits this filter; {self.model.n_waiting:,} waiting without it (esc clears it)"

    def words_instead(self) -> Sequence[Line]:
        """Say what a filter is made of, where the one that was typed shows nothing."""
        has_none = self.model.is_current and not self.model.n_rows and bool(self.model.text)
        if not self.fault and not has_none:
            return ()
        width = self.words.content_size.width
        if self.fault and not self.is_filter_at_fault:
            return wrapped(self.fault, width, "bad")
        return filter_lines(self.fault, width)

    def _keys(self) -> list[Key]:
        if self.focused is not None and self.focused.id == "filter":
            return [Key("enter", "to the list"), Key("esc", "clear"), Key("ctrl+u", "delete")]
        n = len(self.model.marks)
        of = f" ◆{n:,}" if n else ""
        off = bool(self.review.refusal_to_act())
        verbs = [("a", f"approve{of}"), ("x", "reject"), ("r", "repeat"), ("d", "dilute")]
        keys = [Key(key, word, off) for key, word in verbs]
        at = self.table.cursor
        enter = "alone" if self.model.cause_at(at) is None else "fold" if self.model.is_unfolded(at) else "unfold"
        row = self.model.row(at) if self.model.is_current else None
        unblind = [Key("U", "unblind", off)] if row is not None and is_masked(row.rules) else []
        # As many as there is room for: on 80 columns the line ends with the filter, on 120 with what is shown alone.
        keys += [Key("u", "undo", off), *unblind, Key("S", "sign", off), Key("J", "jump")]
        keys += [
            Key("/", "filter"),
            Key("B", "web"),
            Key("enter", enter),
            Key("space", "mark"),
            Key("c", "comment", off),
        ]
        return [*keys, Key("]", "picture"), Key("*", "mark all"), Key("N", "why", off), Key("s", "sort")]

    def on_table_moved(self, event: Table.Moved) -> None:
        if event.table is self.table:
            self._schedule_dossier()
            self.show_keys(self._keys())

    async def on_table_chosen(self, event: Table.Chosen) -> None:
        await self.action_zoom()

    def on_resize(self, event: events.Resize) -> None:
        self.when_shown(self.rows_changed)

    async def action_zoom(self) -> None:
        from tui.screens.dossier import DossierView

        if self.focused is not None and self.focused.id == "filter":
            await self._leave_line()
        elif self.focused is self.runs:
            await self._only_run()
        elif self.model.cause_at(self.table.cursor) is not None:
            await self.action_fold()
        else:
            row = await self.model.row_now(self.table.cursor)
            if row is not None:
                await self.review.go_to(DossierView(row, self, self.view_at))

    async def action_fold(self) -> None:
        at = await self.model.fold(self.table.cursor) if await self.model.settle() else self.table.cursor
        self.table.move_to(at)
        self.table.refresh()

    async def action_causes(self) -> None:
        self.model.leads_by_cause = not self.model.leads_by_cause
        await self._ask_anew(self.model.text, "gravest")
        how = "causes lead, with their items beneath" if self.model.leads_by_cause else "every item stands by itself"
        self.review.say(f"{how}: K changes it")

    async def _only_run(self) -> None:
        rows = self.runs.rows
        if isinstance(rows, RunRows) and rows.n_rows:
            await self.filter_by(f"run:{rows.runs[self.runs.cursor].run}")
            self.focus_now(self.table)

    def action_other_pane(self, step: int) -> None:
        panes: list[Widget] = [pane for pane in (self.runs, self.table, self.chart) if pane.display]
        at = panes.index(self.focused) if self.focused in panes else 0
        self.focus_now(panes[(at + step) % len(panes)])
        self.table.refresh()
