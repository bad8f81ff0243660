"""One run against the last twenty of the same analyte and matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from qc.triage.control_chart_view import ControlPoint, ControlSeries
from schemas.errors import QcError
from tui.drawing.axes import short
from tui.drawing.levey_jennings import LeveyJennings
from tui.shell.list_view import ListRow, ListView
from tui.text.sparkline import spark_cell
from tui.widgets.bars import Key
from tui.widgets.chart import Chart
from tui.widgets.columns import Cell, Column
from tui.widgets.line_edit import LineEdit
from tui.widgets.table import Table
from tui.widgets.words import Line, Span, Words, wrapped

if TYPE_CHECKING:
    from qc.triage.run_comparison import Compared

_LOG = "log10"  # unit of medians
_FAR_SD = 2.0  # from where a number is drawn in the tone of a warning


class CompareView(ListView):
    """Screen of a comparison.

    Parameters
    ----------
    text : str
        Name of the run, or of an item in it; empty means the newest run.
    """

    title_text = "compare"
    rows_word = "numbers"
    manual = "What is unusual about a run as a whole: its median, its spread, its shares, against the last twenty."
    DEFAULT_CSS = """
    CompareView #right { width: 46%; height: 1fr; border-left: vkey $foreground 25%; }
    CompareView #scroll { width: 1fr; height: 8; border-left: none; }
    CompareView #picture { height: 1fr; }
    CompareView.-narrow #right { width: 1fr; height: 68%; border-left: none; border-top: hkey $foreground 25%; }
    CompareView.-narrow #scroll { width: 1fr; height: 3; border-top: none; }
    """
    empty_text = "this run has no summary"
    columns = (
        Column("analyte", 12, weight=1),
        Column("number", 23, weight=3),
        Column("this run", 12, is_number=True),
        Column("mean before", 12, is_number=True, rank=2),
        Column("SD", 8, is_number=True, rank=3),
        Column("z", 7, is_number=True),
        Column("before … now", 12, weight=1, rank=1, keeps_end=True),
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "other", "another run", show=False, id="compare.other")]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.run = text
        self.n_before = 0

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        self.table, self.words, self.chart = Table(self.columns, id="list"), Words(id="details"), Chart(id="picture")
        scroll = VerticalScroll(self.words, id="scroll", can_focus=False)
        right = Vertical(scroll, self.chart, id="right")
        return (Horizontal(self.table, right, id="all"), LineEdit("/ search", id="search"))

    def show_details(self) -> None:
        """Show the number under the cursor, and where it stands among those before."""
        super().show_details()
        row = self.current()
        picture = _trend(cast("Compared", row.about)) if row is not None else None
        self.chart.show(picture, empty_text=self._why_no_chart())

    async def rows(self) -> list[ListRow]:
        """Return the numbers of the run."""
        from qc.triage.run_comparison import FEWEST, compare_run

        try:
            comparison = await self.desk.read(lambda _, con: compare_run(con, self.run))
        except QcError as error:
            self.empty_text = str(error)
            return []
        self.run, self.n_before = comparison.run, comparison.n_before
        lacking = FEWEST - comparison.n_before
        few = f": a distance needs {FEWEST}, {lacking} more" if lacking > 0 else ""
        self.title_text = f"compare  {comparison.run} with {comparison.n_before} before it{few}"
        return [_listing(line) for line in comparison.lines]

    def _why_no_chart(self) -> str:
        from qc.triage.run_comparison import FEWEST

        if self.n_before >= FEWEST:
            return "no spread among the earlier runs: no chart"
        return f"a chart needs {FEWEST} earlier runs, and there are {self.n_before}: r compares another run"

    def own_keys(self) -> list[Key]:
        """Return keys of this screen alone."""
        return [Key("r", "another run")]

    def action_other(self) -> None:
        self.review.flow(self._other())

    async def _other(self) -> None:
        from tui.dialogs.question import QuestionDialog

        name = await self.review.answer(QuestionDialog("Compare which run?", "serum-chem-1 or R12"))
        if name:
            self.run, self.is_reading = name, True
            await self.read()

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return one number with all the earlier ones."""
        from qc.triage.run_comparison import FEWEST

        line = cast("Compared", about)
        value, mean, sd = written_numbers(line)
        lines: list[Line] = [
            [Span(f"{line.analyte} {line.matrix}  {line.name}", is_bold=True)],
            [Span("this run ", "muted"), Span(value, is_bold=True)],
        ]
        if line.z is not None:
            tone = "warn" if abs(line.z) > _FAR_SD else "good"
            lines[-1] = [*lines[-1], Span(f"   {line.z:+.2f} SD from the runs before", tone, is_bold=True)]
        if line.mean is not None:
            spread = f", SD {sd}" if line.sd is not None else f", an SD needs {FEWEST}"
            n = len(line.before)
            lines += wrapped(f"mean of {n} earlier {'run' if n == 1 else 'runs'} {mean}{spread}", width, "muted")
            if line.sd is None:
                names = ", ".join(run for run, _ in line.runs[:-1])
                lines += wrapped(f"compared with {names} alone", width, "warn")
        else:
            lines.append([Span("no earlier run", "muted")])
        if line.unit == _LOG:
            words = "A median is compared on a log scale: mean and SD of logarithms, told as a number and a factor."
            lines += wrapped(words, width, "muted")
        return lines


def written_numbers(line: Compared) -> tuple[str, str, str]:
    """Write the number of a run, the mean and the SD of those before.

    Returns
    -------
    tuple of str
        With their unit; logarithms as numbers in the unit of the analyte, their SD as a factor.
    """
    if line.unit != _LOG:
        sign = " %" if line.unit == "percent" else f" {line.unit}"
        numbers = [f"{short(part)}{sign}" if part is not None else "–" for part in (line.value, line.mean, line.sd)]
        return numbers[0], numbers[1], numbers[2]
    unit = f" {line.of_unit}" if line.of_unit else ""
    value, mean = (f"{short(10**part)}{unit}" if part is not None else "–" for part in (line.value, line.mean))
    return value, mean, f"×{10**line.sd:.2f}" if line.sd is not None else "–"


def _trend(line: Compared) -> LeveyJennings | None:
    if not line.scores() or line.mean is None:
        return None
    values = (*line.before, line.value)
    points = tuple(
        ControlPoint(
            run=run, at=at, value=_shown(line, value), z=z, target=None, sd=None, rules=(), events=(),
            is_own=place == len(values) - 1,
        )
        for place, ((run, at), value, z) in enumerate(zip(line.runs, values, line.scores(), strict=True))
    )  # fmt: skip
    unit = line.of_unit if line.unit == _LOG else "%" if line.unit == "percent" else line.unit
    series = ControlSeries(material="", level="", unit=unit, points=points)
    return LeveyJennings([series], line.analyte, title=f"{line.analyte} {line.matrix} · {line.name} of each run")


def _shown(line: Compared, value: float | None) -> float | None:
    return 10**value if value is not None and line.unit == _LOG else value


def _listing(line: Compared) -> ListRow:
    far = line.z is not None and abs(line.z) > _FAR_SD
    value, mean, sd = written_numbers(line)
    cells = (
        Cell(f"{line.analyte} {line.matrix}", "strong"),
        Cell(line.name),
        Cell(value),
        Cell(mean, "muted"),
        Cell(sd, "muted"),
        Cell(f"{line.z:+.2f}" if line.z is not None else "–", "warn" if far else ""),
        spark_cell(line.scores()),
    )
    return ListRow(cells, "", line)
