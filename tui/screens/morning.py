"""The morning: is anything wrong, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from schemas.errors import QcError
from tui.shell.view import View
from tui.text.queue_cells import cause_words
from tui.text.run_cells import SIGNS, TONES
from tui.text.sparkline import spark_cell
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.rows import FixedRows
from tui.widgets.table import Table
from tui.widgets.words import Line, Span, Words, wrapped

if TYPE_CHECKING:
    from qc.triage.morning import Morning

_WIDE = 100  # columns from which there is room for the rows that came in
_RUNS = (
    Column("", 1),
    Column("run", 14, weight=2),
    Column("measures", 12, weight=1, rank=2),
    Column("instrument", 10, weight=1, rank=4),
    Column("began", 11, rank=3),
    Column("results", 7, is_number=True, rank=5),
    Column("waiting", 7, is_number=True),
)
_CONTROLS = (
    Column("control", 15, weight=3),
    Column("last 20", 10, weight=1, keeps_end=True),
    Column("z now", 6, is_number=True),
    Column("run", 12, weight=1, rank=1),
)
_INSTRUMENTS = (
    Column("", 1),
    Column("instrument", 14, weight=1),
    Column("newest runs", 13),
    Column("runs", 5, is_number=True),
)


class MorningView(View):
    """Screen of the morning."""

    title_text = "morning"
    manual = "Is anything wrong, and where: what waits, what came in, instruments, runs and controls at a glance."
    CSS = """
    MorningView #summary { height: 6; padding: 0 1; }
    MorningView #all { height: 1fr; }
    MorningView #runs { width: 1fr; height: 1fr; }
    MorningView #side { width: 50%; height: 1fr; border-left: vkey $foreground 25%; }
    MorningView #instruments { height: 35%; }
    MorningView #controls { height: 1fr; }
    MorningView.-narrow #instruments { display: none; }
    MorningView.-narrow #side { width: 46%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open what is under the cursor", show=False, id="morning.open"),
        Binding("t", "app.go('triage')", "triage everything", show=False, id="morning.triage"),
        Binding("n", "new", "triage what is new", show=False, id="morning.new"),
        Binding("w", "compare", "compare the run with those before", show=False, id="morning.compare"),
        Binding("tab", "pane(1)", "next pane", show=False, id="morning.pane"),
        Binding("shift+tab", "pane(-1)", "pane before", show=False, id="morning.pane_back"),
        Binding("ctrl+l,f5", "reload", "read again", show=False, id="morning.reload"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.morning: Morning | None = None

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        self.summary = Words(id="summary")
        self.runs, self.controls = Table(_RUNS, id="runs"), Table(_CONTROLS, id="controls")
        self.instruments = Table(_INSTRUMENTS, id="instruments")
        side = Vertical(self.instruments, self.controls, id="side")
        return (self.summary, Horizontal(self.runs, side, id="all"))

    async def on_mount(self) -> None:
        self.focus_now(self.runs)
        self.refresh_notices()
        for table in (self.runs, self.controls, self.instruments):
            table.empty_text = "reading …"
        self.when_shown(self._begin)

    def _begin(self) -> None:
        self.spawn(self._read())

    async def _read(self) -> None:
        from qc.triage.morning import morning as read_morning

        desk = self.desk
        await self.review.opened.wait()
        try:
            self.morning = morning = await desk.read(
                lambda lab, con: read_morning(lab, con, reader=desk.reader, last_visit=desk.last_visit)
            )
        except QcError as error:
            self._tell_failure(error)
            return
        self.runs.empty_text, self.controls.empty_text = "no run is judged yet: qc nightly", "no control yet"
        runs = [_run(run, morning.n_waiting_by_run.get(run.run_id, 0)) for run in morning.runs]
        self.runs.show_rows(FixedRows(runs), cursor=self.runs.cursor)
        self.controls.show_rows(FixedRows([_control(line) for line in morning.controls]), cursor=self.controls.cursor)
        self.instruments.styles.height = min(len(morning.instruments) + 2, max(4, self.size.height // 3))
        self.instruments.show_rows(FixedRows([_instrument(one) for one in morning.instruments]))
        lines = self._lines(morning)
        self.summary.styles.height = len(lines)
        self.summary.show(lines)
        self.refresh_notices()

    def _tell_failure(self, error: QcError) -> None:
        self.summary.show(wrapped(str(error), self.summary.content_size.width, "bad"))
        for table in (self.runs, self.controls, self.instruments):
            table.empty_text = "could not be read"
            table.refresh()

    def refresh_notices(self) -> None:
        """Show again what the header tells."""
        name = self.desk.open_lab.settings.lab.name if self.desk.open_lab is not None else ""
        label = self.desk.open_lab.settings.lab.label if self.desk.open_lab is not None else ""
        self.tell([Span(name, "muted")], [Span(label, "warn", is_bold=True)])
        keys = [
            Key("enter", "open the run"),
            Key("t", "triage all"),
            Key("n", "triage new"),
            Key("w", "compare the run"),
        ]
        self.show_keys([*keys, Key("tab", "pane"), Key("f4", "log"), Key("f9", "release")])

    def _lines(self, morning: Morning) -> list[Line]:
        width = self.summary.content_size.width
        is_bad = bool(morning.n_by_verdict.get("reject") or morning.n_by_verdict.get("broken") or morning.n_quarantined)
        sign, tone = ("✗", "bad") if is_bad else ("!", "warn") if morning.n_waiting or morning.out else ("✓", "good")
        first = wrapped(morning.sentence, width - 3)
        lines: list[Line] = [
            [Span(f"{sign}  ", tone, is_bold=True), *(Span(s.text, tone, is_bold=True) for s in first[0])]
        ]
        lines += [[Span("   " + said.text, tone, is_bold=True) for said in line] for line in first[1:2]]
        lines += _waiting(morning, width)
        night = f"{morning.night_at:%m-%d %H:%M} UTC" if morning.night_at else "never"
        rows = f", {morning.n_rows:,} rows" if self.size.width >= _WIDE else ""
        files = f"{morning.n_files} file{'' if morning.n_files == 1 else 's'}"
        runs = f"{morning.n_judged} run{'' if morning.n_judged == 1 else 's'}"
        came = f"{files}{rows}; {runs} judged, {morning.n_auto_approved:,} approved by rule"
        rest = f", {morning.n_evidence:,} kept as evidence" if morning.n_evidence else ""
        lines.append([Span("   last in  ", "muted"), Span(f"{night}  {came}{rest}")])
        new = f"{morning.n_new:,} new since your last visit" if self.desk.last_visit else ""
        return [*lines, [Span("   next     ", "muted"), *_next_steps(morning, new)]]

    async def action_open(self) -> None:
        from tui.screens.triage import TriageView

        if self.morning is None or self.focused is self.instruments:
            return
        if self.focused is self.controls and self.morning.controls:
            line = self.morning.controls[self.controls.cursor]
            await self.review.go_to(TriageView(f"analyte:{line.analyte} matrix:{line.matrix}"))
        elif self.morning.runs:
            await self.review.go_to(TriageView(f"run:{self.morning.runs[self.runs.cursor].run}"))

    async def on_table_chosen(self, event: Table.Chosen) -> None:
        await self.action_open()

    async def action_new(self) -> None:
        from tui.screens.triage import TriageView

        await self.review.go_to(TriageView("new"))

    async def action_compare(self) -> None:
        from tui.screens.compare import CompareView

        if self.morning is not None and self.morning.runs:
            await self.review.go_to(CompareView(self.morning.runs[self.runs.cursor].run))

    def action_pane(self, step: int) -> None:
        panes: list[Widget] = [pane for pane in (self.runs, self.instruments, self.controls) if pane.display]
        at = panes.index(self.focused) if self.focused in panes else 0
        self.focus_now(panes[(at + step) % len(panes)])

    async def action_reload(self) -> None:
        self.review.paint_anew()
        await self._read()


def _waiting(morning: Morning, width: int) -> list[Line]:
    counts: list[Span] = [Span("   waiting  ", "muted")]
    for verdict in ("broken", "reject", "not_evaluable", "warn"):
        if n := morning.n_causes_by_verdict.get(verdict):
            counts += [Span(f"{SIGNS[verdict]} {n:,} {verdict.replace('_', ' ')}  ", TONES[verdict])]
    lines: list[Line] = [[*counts, Span(f"oldest {morning.oldest}" if morning.oldest else "nothing", "muted")]]
    if morning.causes:
        words = f"{morning.causes[0].cause}: {cause_words(morning.causes[0])}"
        cut = words if len(words) <= width - 12 else f"{words[: width - 13]}…"
        lines.append([Span("   first    ", "muted"), Span(cut, TONES[morning.causes[0].verdict.value])])
    return lines


def _next_steps(morning: Morning, new: str) -> list[Span]:
    steps = [
        ("t", "settles what waits", morning.n_waiting),
        ("n", new, morning.n_new and new),
        ("f10", f"{morning.n_corrections:,} to accept or refuse", morning.n_corrections),
        ("quarantine/", f"tells why {morning.n_quarantined:,} did not come in", morning.n_quarantined),
        ("'qc plan declare'", _chosen(morning.n_chosen_by_default), morning.n_chosen_by_default),
        ("f9", "what a release needs", morning.n_judged and not morning.n_waiting),
        ("'qc nightly'", "takes in what lies in inbox/", not morning.runs),
        ("f12", f"{morning.n_in_spite:,} approved in spite of a warning", morning.n_in_spite),
    ]
    return [said for key, words, counts in steps if counts for said in (Span(f"{key} ", "note"), Span(f"{words}   "))]


def _chosen(n: int) -> str:
    return f"{n:,} sample{'' if n == 1 else 's'}: a default chose among results"


def _run(run: object, n_waiting: int) -> tuple[Cell, ...]:
    from qc.triage.waiting_runs import RunLine

    if not isinstance(run, RunLine):
        raise TypeError(f"Expected a run, got {type(run).__name__}.")
    if n_waiting:
        waits = Cell(f"{n_waiting:,}", TONES[run.verdict])
    else:
        waits = Cell("decided", "good") if run.n_held else Cell("–", "muted")
    began = f"{run.started_at:%m-%d %H:%M}" if run.started_at else "–"
    return (
        Cell(SIGNS[run.verdict], TONES[run.verdict] if n_waiting or not run.n_held else "muted"),
        Cell(run.run, "strong"),
        Cell(f"{run.analyte} {run.matrix}".strip() if run.analyte else f"{run.matrix} panel".strip()),
        Cell(run.instrument, "muted"),
        Cell(began, "muted"),
        Cell(f"{run.n_results:,}", "muted"),
        waits,
    )


def _control(line: object) -> tuple[Cell, ...]:
    from qc.triage.morning import FEWEST_POINTS, ControlLine

    if not isinstance(line, ControlLine):
        raise TypeError(f"Expected a control, got {type(line).__name__}.")
    spark = spark_cell(line.z_scores, fewest=FEWEST_POINTS)
    z = f"{line.last:+.2f}" if line.last is not None else "–"
    return Cell(f"{line.analyte} {line.matrix} {line.level}"), spark, Cell(z, spark.tone), Cell(line.run, "muted")


def _instrument(one: object) -> tuple[Cell, ...]:
    from qc.triage.morning import Instrument

    if not isinstance(one, Instrument):
        raise TypeError(f"Expected an instrument, got {type(one).__name__}.")
    newest = "".join(SIGNS[verdict] for verdict in one.verdicts)
    return Cell(SIGNS[one.verdict], TONES[one.verdict]), Cell(one.name), Cell(newest), Cell(f"{one.n_runs:,}", "muted")
