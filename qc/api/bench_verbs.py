"""What comes in and how it is judged: the verbs of a lab up to the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.lab.folder import LabFolder

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.judge.assessment import Assessed
    from qc.assess.why_judge import WhyJudge
    from qc.ingest.outcome import Ingested
    from qc.nights.night import Night
    from qc.nights.rehearsal import Rehearsal


class BenchVerbs(LabFolder):
    """What comes in and how it is judged: the verbs of a lab up to the queue."""

    def ingest(
        self,
        *paths: str | Path,
        correct: bool = False,
        reason: str = "",
        note: str = "",
        actor: str | None = None,
        **settings: str,
    ) -> list[Ingested]:
        """Take files and folders in.

        Parameters
        ----------
        *paths : str or Path
            Files and folders.
        correct : bool
            Whether they are corrections: every changed row waits until it is accepted.
        reason : str
            Code of ``reasons.toml``: a correction is accepted in the same act; empty leaves it waiting.
        note : str
            Free text of that decision.
        actor : str, optional
            Who brings them and decides; None means whoever has signed in, else the operating-system user.
        **settings : str
            Settings of the run sheet, such as ``run="R-12"``; ``map`` and ``run_sheet`` name files.

        Returns
        -------
        list of Ingested
            What became of each delivery.
        """
        from qc.decide.correct import correct as correct_files
        from qc.ingest.ingest import ingest

        files = [Path(path) for path in paths]
        if correct:
            return correct_files(self, files, settings=settings, reason=reason, note=note, actor=actor)
        return ingest(self, files, settings=settings, actor=actor)

    def assess(self, *, everything: bool = False) -> list[Assessed]:
        """Judge every run that is new or has changed.

        Parameters
        ----------
        everything : bool
            Judge runs again whose inputs are the same.

        Returns
        -------
        list of Assessed
            One for each run that was judged.
        """
        from qc.assess.assess import assess

        return assess(self, everything=everything)

    def settle(self) -> list[Assessed]:
        """Judge again what decisions have touched; gate and release do it by themselves.

        Returns
        -------
        list of Assessed
            One for each run that was judged; none where nothing is owed, or the facts cannot be written now. Runs
            that are new, or whose limits and rules have changed, are left to :meth:`assess`.
        """
        from qc.assess.work_left import settle_work_left

        return settle_work_left(self)

    def why_judge(self, run: str) -> WhyJudge:
        """Tell whether a run must be judged, and because of what.

        Parameters
        ----------
        run : str
            Name of the run, or its item: ``R12``.

        Returns
        -------
        WhyJudge
            What has changed since it was judged, with the other runs that have changed it.
        """
        from qc.assess.why_judge import why_judge

        return why_judge(self, run)

    def nightly(
        self, *, since: datetime | None = None, progress: Callable[[str, int, int], None] | None = None
    ) -> Night:
        """Empty the inbox, judge, and say what is new.

        Parameters
        ----------
        since : datetime, optional
            What is new is told against the last night that began before this; None means the last one.
        progress : callable, optional
            Called with the name of the stage, what is done and what there is to do.

        Returns
        -------
        Night
            Summary of the night.
        """
        from qc.nights.nightly import nightly

        return nightly(self, since=since, progress=progress)

    def rehearse_night(self) -> Rehearsal:
        """Say what a night would do now, and change nothing.

        Returns
        -------
        Rehearsal
            What would become of each file of the inbox, and which runs would be judged.
        """
        from qc.nights.rehearsal import rehearse

        return rehearse(self)

    def results(self, study: str | None = None) -> pl.DataFrame:
        """Return the newest results with the state that assessment and ledger give them.

        Parameters
        ----------
        study : str, optional
            Study; None means the default of qc.toml.

        Returns
        -------
        DataFrame
            One row a result; ``state`` is approved, rejected, repeat_requested or waiting. Samples carry pseudonyms.
        """
        from datetime import UTC, datetime

        from qc.items.result_states import blinded_results

        return blinded_results(self, study, datetime.now(UTC))
