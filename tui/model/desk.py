"""The desk of a reviewer: a thread that reads the facts under a lease, one that acts, one for what nobody waits for.

A decision never waits for the facts: it is made on what was seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from tui.model.worker import Worker

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.lease import Connection, ReadLease

Answer = TypeVar("Answer")
More = ParamSpec("More")


class Desk:
    """What the screens ask, and whom.

    Parameters
    ----------
    folder : Path or None
        Folder of the lab; None means the one that the working folder or QC_LAB names.
    actor : str or None
        Who acts; None means whoever has signed in, else the operating-system user.
    """

    def __init__(self, folder: Path | None, actor: str | None = None) -> None:
        self.folder, self.actor = folder, actor
        self._lab: Lab | None = None
        self._lease: ReadLease | None = None
        self.last_visit: datetime | None = None
        self._reads = Worker("reads", rest=self._rest, stop=self._close)
        self._acts = Worker("acts", rest=lambda: None, stop=lambda: None)
        self._background = Worker("background", rest=lambda: None, stop=lambda: None)

    def start(self) -> None:
        """Start the threads."""
        self._reads.start()
        self._acts.start()
        self._background.start()

    def close(self) -> None:
        """Stop the threads and give the facts back; what is worked out aside is not waited for."""
        self._background.close(wait_s=0.2)
        self._acts.close()
        self._reads.close()

    @property
    def lab(self) -> Lab:
        """The lab, opened when it is first needed."""
        if self._lab is None:
            from qc.api.lab import open_lab

            self._lab = open_lab(self.folder)
        return self._lab

    @property
    def open_lab(self) -> Lab | None:
        """The lab, if it was opened already."""
        return self._lab

    @property
    def reader(self) -> str:
        """Name of whoever looks."""
        from qc.people.acting_person import acting_person
        from schemas.errors import RightsError

        try:
            return acting_person(self.lab, self.actor).name
        except RightsError:
            return ""  # nobody has signed in: one may look, and is told so when one acts

    @property
    def generation(self) -> int:
        """Newest assessment that the lease has seen."""
        return self._lease.generation if self._lease else 0

    @property
    def is_reading(self) -> bool:
        """Whether a question is being answered now."""
        return self._reads.is_busy or self._acts.is_busy

    def read(
        self,
        ask: Callable[Concatenate[Lab, Connection, More], Answer],
        *values: More.args,
        **named: More.kwargs,
    ) -> asyncio.Future[Answer]:
        """Ask the facts."""
        return self._reads.ask(lambda: ask(self.lab, self._connection(), *values, **named))

    def read_newest(self, name: str, ask: Callable[[Lab, Connection], Answer]) -> asyncio.Future[Answer]:
        """Ask the facts; a question of the same name that was not begun is dropped."""
        return self._reads.ask(lambda: ask(self.lab, self._connection()), name=name)

    def act(self, ask: Callable[[Lab], Answer]) -> asyncio.Future[Answer]:
        """Do something that needs the ledger, or takes a while, without the facts' lease."""
        return self._acts.ask(lambda: ask(self.lab))

    def in_background(self, ask: Callable[[Lab], Answer]) -> asyncio.Future[Answer]:
        """Work something out that no act waits for.

        Parameters
        ----------
        ask : callable
            Gets the lab; must not write.
        """
        return self._background.ask(lambda: ask(self.lab))

    def _connection(self) -> Connection:
        if self._lease is None:
            from qc.triage.lease import ReadLease

            self._lease = ReadLease(self.lab)
        return self._lease.connection()

    def _rest(self) -> None:
        if self._lease is not None:
            self._lease.rest()

    def _close(self) -> None:
        if self._lease is not None:
            self._lease.close()
