"""One run against the last twenty of the same analyte and matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from schemas.errors import QcError
from tui.drawing.axes import short
from tui.drawing.spark import spark_cell
from tui.screens.listing import Listing, ListingView
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Said, wrapped

if TYPE_CHECKING:
    from qc.triage.comparison import Compared

_FAR_SD = 2.0  # from where a number is drawn in the tone of a warning


class CompareView(ListingView):
    """Screen of a comparison.

    Parameters
    ----------
    text : str
        Name of the run, or of an item in it; empty means the newest run.
    """

    title_text = "compare"
    manual = "What is unusual about a run as a whole: its median, its spread, its shares, against the last twenty."
    DEFAULT_CSS = "CompareView #scroll { width: 34%; }"
    empty_text = "this run has no summary"
    columns = (
        Column("analyte", 12, weight=1),
        Column("number", 24, weight=3),
        Column("this run", 9, is_number=True),
        Column("mean", 9, is_number=True, rank=2),
        Column("SD", 8, is_number=True, rank=3),
        Column("z", 7, is_number=True),
        Column("before … now", 20, rank=1),
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "other", "another run", show=False, id="compare.other")]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.run = text
        self.n_before = 0

    async def rows(self) -> list[Listing]:
        """Return the numbers of the run."""
        from qc.triage.comparison import compare_run

        try:
            told = await self.desk.read(lambda _, con: compare_run(con, self.run))
        except QcError as error:
            self.empty_text = str(error)
            return []
        self.run, self.n_before = told.run, told.n_before
        self.title_text = f"compare  {told.run} with {told.n_before} before it"
        return [_listing(line) for line in told.lines]

    def own_keys(self) -> list[Key]:
        """Return keys of this screen alone."""
        return [Key("r", "another run")]

    def action_other(self) -> None:
        self.review.flow(self._other())

    async def _other(self) -> None:
        from tui.dialogs.ask import AskDialog

        name = await self.review.answer(AskDialog("Compare which run?", "serum-chem-1 or R12"))
        if name:
            self.run, self.is_reading = name, True
            await self.read()

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return one number with all the earlier ones.

        Parameters
        ----------
        about : object
            The comparison.
        width : int
            Columns of the screen.

        Returns
        -------
        sequence of Line
            Lines.
        """
        line = cast("Compared", about)
        lines: list[Line] = [
            [Said(f"{line.analyte} {line.matrix}  {line.name}", is_bold=True)],
            [Said(f"this run {short(line.value)} {line.unit}", is_bold=True)],
        ]
        if line.mean is not None:
            sd = f", SD {short(line.sd)}" if line.sd is not None else ", too few for an SD"
            lines += wrapped(f"mean of {len(line.before)} earlier runs {short(line.mean)}{sd}", width, "muted")
        if line.z is not None:
            tone = "warn" if abs(line.z) > _FAR_SD else "good"
            lines.append([Said(f"{line.z:+.2f} SD from them", tone, is_bold=True)])
        before = "  ".join(short(value) for value in line.before)
        return [
            *lines,
            [],
            *(wrapped(f"before: {before}", width, "muted") if before else [[Said("no earlier run", "muted")]]),
        ]


def _listing(line: Compared) -> Listing:
    far = line.z is not None and abs(line.z) > _FAR_SD
    cells = (
        Cell(f"{line.analyte} {line.matrix}", "strong"),
        Cell(f"{line.name}, {line.unit}"),
        Cell(short(line.value)),
        Cell(short(line.mean), "muted"),
        Cell(short(line.sd), "muted"),
        Cell(f"{line.z:+.2f}" if line.z is not None else "–", "warn" if far else ""),
        spark_cell(line.scores()),
    )
    return Listing(cells, "", line)
