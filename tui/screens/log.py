"""The log: every act of a person, the newest first, with its hash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from tui.shell.list_view import ListRow, ListView
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.triage.ledger_pages import LogLine

_ORDER = ("act", "reason", "note", "over", "undoes", "meaning", "study", "run", "bulk")
_TONES = {"decision": "", "undo": "note", "unblinding": "bad", "ingest_override": "warn", "release": "good"}


class LogView(ListView):
    """Screen of the ledger."""

    title_text = "log"
    rows_word = "entries"
    manual = "Every act of a person. Entries are chained by SHA-256 and are never changed; an undoing is an entry too."
    empty_text = "nobody has acted yet"
    DEFAULT_CSS = "LogView #scroll { width: 38%; }"
    columns = (
        Column("entry", 6, is_number=True),
        Column("when (UTC)", 16),
        Column("who", 8, weight=1, rank=2),
        Column("act", 11),
        Column("about", 11, weight=1),
        Column("words", 18, weight=4, rank=1),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "older", "older entries", show=False, id="log.older"),
        Binding("V", "verify", "verify the chain", show=False, id="log.verify"),
    ]

    async def rows(self) -> list[ListRow]:
        """Return the newest page."""
        from qc.triage.ledger_pages import log_page

        return [_listing(line) for line in await self.desk.act(log_page)]

    async def action_older(self) -> None:
        from qc.triage.ledger_pages import log_page

        if not self.all:
            return
        last = cast("LogLine", self.all[-1].about).seq
        self.all += [_listing(line) for line in await self.desk.act(lambda lab: log_page(lab, last))]
        self.show_found()

    def action_verify(self) -> None:
        self.review.say("verifying ledger, archive and releases …")
        self.spawn(self._verify())

    async def _verify(self) -> None:
        faults = await self.desk.act(lambda lab: lab.verify())
        if faults:
            self.review.say(f"{len(faults)} faults, first: {faults[0]}", tone="error")
        else:
            self.review.say("the chain, the archive and the releases hold")

    def own_keys(self) -> list[Key]:
        """Return keys of this screen alone."""
        return [Key("o", "older"), Key("V", "verify")]

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return the whole entry."""
        line = cast("LogLine", about)
        head: Line = [Span(f"entry {line.seq}  ", is_bold=True), Span(f"{line.kind} about {line.about}", is_bold=True)]
        lines: list[Line] = [head, [Span(f"{line.at:%Y-%m-%d %H:%M:%S} UTC by {line.actor}", "muted")], []]
        texts = {name: _text(value) for name, value in line.body.items()}
        texts = {name: text for name, text in texts.items() if text not in ("", "null", "[]", "0", "false")}
        for name in sorted(texts, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)):
            if not name.endswith("sha256"):
                lines += wrapped(f"{name.replace('_', ' ')}: {texts[name]}", width)
        lines.append([])
        hashes = [(name.replace("_", " "), text) for name, text in texts.items() if name.endswith("sha256")]
        for name, text in (*hashes, ("hash of this entry", line.hash)):
            lines.append([Span(name, "muted")])
            lines += _broken(text, width)
        return lines


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _broken(text: str, width: int) -> list[Line]:
    """Break a hash, which has no words, into lines that show it whole."""
    room = max(16, width - 2)
    return [[Span("  " + text[at : at + room], "muted")] for at in range(0, len(text), room)]


def _listing(line: LogLine) -> ListRow:
    tone = _TONES.get(line.kind, "")
    cells = (
        Cell(f"{line.seq:,}"),
        Cell(f"{line.at:%Y-%m-%d %H:%M}", "muted"),
        Cell(line.actor),
        Cell(str(line.body.get("act") or line.kind).replace("_", " "), tone),
        Cell(line.about, "strong"),
        Cell(line.words),
    )
    return ListRow(cells, json.dumps(dict(line.body), ensure_ascii=False), line)
