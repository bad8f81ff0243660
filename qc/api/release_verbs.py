"""What leaves the lab: gate, releases, plans, paired tests, and the check of it all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qc.lab.folder import LabFolder

if TYPE_CHECKING:
    import polars as pl

    from checks.contrasts.frozen_release import Release
    from checks.contrasts.planned_tests import PairedReport
    from checks.releases.changes import ReleaseDiff
    from qc.release.gate import Gate
    from schemas.errors import Fault


class ReleaseVerbs(LabFolder):
    """What leaves the lab: gate, releases, plans, paired tests, and the check of it all."""

    def gate(self, study: str | None = None) -> Gate:
        """Say whether a study may be released.

        Parameters
        ----------
        study : str, optional
            Study; None means the default of qc.toml.

        Returns
        -------
        Gate
            Open or closed, and what holds it. What decisions have touched is judged again first.
        """
        from qc.release.gate import settled_gate

        return settled_gate(self, study)

    def release(self, study: str | None = None, *, actor: str | None = None) -> Release:
        """Freeze the approved results of a study.

        Parameters
        ----------
        study : str, optional
            Study; None means the default of qc.toml.
        actor : str, optional
            Who releases; None means the operating-system user.

        Returns
        -------
        Release
            The new release. What decisions have touched is judged again first.
        """
        from qc.assess.work_left import settle_work_left
        from qc.release.release import release

        settle_work_left(self)
        return release(self, study, actor=actor)

    def open_release(self, name: str | None = None) -> Release:
        """Open a release and verify every byte of it.

        Parameters
        ----------
        name : str, optional
            Name of the release; None means the newest.

        Returns
        -------
        Release
            The release.
        """
        from qc.release.release import open_release

        return open_release(self, name)

    def release_diff(self, first: str, second: str, *, reason: str = "", actor: str | None = None) -> ReleaseDiff:
        """Compare two releases, both verified before; blinded, unless a reason is given to look behind it.

        Parameters
        ----------
        first : str
            Name of the earlier release.
        second : str
            Name of the later release.
        reason : str
            Why samples, subjects and visits are to be named: the look is in the ledger first. Empty for pseudonyms.
        actor : str, optional
            Who looks; None means whoever has signed in, else the operating-system user.

        Returns
        -------
        ReleaseDiff
            Every difference.
        """
        from qc.release.blinded_diff import blinded_diff, record_look
        from qc.release.release import open_release
        from qc.release.release_diff import frozen_of, release_diff

        opened = [open_release(self, name) for name in (first, second)]
        if reason.strip():
            record_look(self, opened[0].name, opened[1].name, reason=reason, actor=actor)
        diff = release_diff(*(frozen_of(self.paths.releases / one.name) for one in opened))
        return diff if reason.strip() else blinded_diff(self, opened[0].study, diff)

    def lock_plan(self, plan: str | Path, *, actor: str | None = None) -> str:
        """Lock the plan of the paired tests.

        Parameters
        ----------
        plan : str or Path
            Plan file, TOML.
        actor : str, optional
            Who locks; None means the operating-system user.

        Returns
        -------
        str
            SHA-256 of the plan.
        """
        from qc.plan.plan_lock import lock_plan

        return lock_plan(self, Path(plan), actor=actor).plan.sha256

    def paired(self, release: str | None = None) -> PairedReport:
        """Run the planned paired tests on a release.

        Parameters
        ----------
        release : str, optional
            Name of the release; None means the newest.

        Returns
        -------
        PairedReport
            Every contrast of the plan.
        """
        from qc.release.gated_tests import gated_tests

        return gated_tests(self, release).report

    def report(self, release: str | None = None) -> Path:
        """Write the HTML report of a release.

        Parameters
        ----------
        release : str, optional
            Name of the release; None means the newest.

        Returns
        -------
        Path
            The page.
        """
        from qc.release.gated_tests import write_page

        return write_page(self, release)

    def sql(self, statement: str, *, reason: str, actor: str | None = None) -> pl.DataFrame:
        """Run a statement of one's own on the facts, read-only.

        Parameters
        ----------
        statement : str
            In DuckDB's SQL.
        reason : str
            Why; recorded, since the facts name subjects and visits.
        actor : str, optional
            Who looks; None means the operating-system user.

        Returns
        -------
        DataFrame
            Its rows.

        Notes
        -----
        Never open ``facts.duckdb`` otherwise: one INSERT that goes by this program can erase acknowledged rows.
        """
        from qc.audit.own_statement import own_statement

        return own_statement(self, statement, reason=reason, actor=actor)

    def verify(
        self, *, anchor: str | Path | None = None, reads_again: bool = False, n_runs: int | None = 0
    ) -> list[Fault]:
        """Recompute ledger, archive, facts, decisions, signatures and releases.

        Parameters
        ----------
        anchor : str or Path, optional
            File that ``qc audit anchor`` wrote once; without one a cut tail cannot be seen.
        reads_again : bool
            Whether every file of the archive is read again and compared with the facts.
        n_runs : int or None
            How many runs are judged again and compared with what is stored, chosen by chance; None means all.

        Returns
        -------
        list of Fault
            Everything that does not hold, the first broken link first; empty if all does.
        """
        from qc.audit.anchor import read_anchor
        from qc.audit.verify import verify

        known = read_anchor(Path(anchor)) if anchor else None
        return verify(self, anchor=known, reads_again=reads_again, n_runs=n_runs)
