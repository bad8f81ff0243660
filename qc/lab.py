"""A lab: the folder that holds everything, and what one can do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qc.config import LabPaths, Settings, find_lab, read_settings
from qc.config import init_lab as make_folder

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from qc.assess import Assessed
    from qc.deciding.asked import Decided
    from qc.deciding.decide import HasSeen
    from qc.deciding.pair_cost import PairCost
    from qc.deciding.undo import Undone
    from qc.gate import Gate
    from qc.ingesting.outcome import Ingested
    from qc.nightly import Night
    from qc.paired.contrasts import PairedReport
    from qc.people.acting import Person
    from qc.people.sessions import Session
    from qc.people.signatures import Signature
    from qc.released import Release
    from qc.review import QueueItem, Shown
    from qc.reviewing.seen import Seen
    from qc.store.facts import Facts
    from qc.store.ledger import Ledger
    from qc.unblinding import Unblinded
    from schemas.errors import Fault


@dataclass(frozen=True)
class Lab:
    """One lab. Every method opens what it needs, does one thing and closes it again."""

    paths: LabPaths
    """Where things lie."""
    settings: Settings
    """What qc.toml says."""
    workers: int = 1
    """Most processes that read and judge besides this one, where there is much to do; 1 for none. The command line
    uses one a core. A script that sets 2 or more must guard its start with ``if __name__ == "__main__"``, since each
    process imports it."""

    @cached_property
    def facts(self) -> Facts:
        """Door to the facts."""
        from qc.store.facts import Facts

        return Facts(self.paths.facts, wait_s=self.settings.stores.wait_s)

    @cached_property
    def ledger(self) -> Ledger:
        """Ledger of what people did."""
        from qc.store.ledger import Ledger

        return Ledger(self.paths.ledger, wait_s=self.settings.stores.wait_s)

    def ingest(self, *paths: str | Path, correct: bool = False, **settings: str) -> list[Ingested]:
        """Take files and folders in.

        Parameters
        ----------
        *paths : str or Path
            Files and folders.
        correct : bool
            Whether a run that is already in may get a new version.
        **settings : str
            Settings of the run sheet, such as ``run="R-12"``; ``map`` and ``run_sheet`` name files.

        Returns
        -------
        list of Ingested
            What became of each delivery.
        """
        from qc.ingest import ingest

        return ingest(self, [Path(path) for path in paths], correct=correct, settings=settings)

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
        from qc.assess import assess

        return assess(self, everything=everything)

    def nightly(self) -> Night:
        """Empty the inbox, judge, and say what is new.

        Returns
        -------
        Night
            Summary of the night.
        """
        from qc.nightly import nightly

        return nightly(self)

    def queue(self, study: str | None = None) -> list[QueueItem]:
        """List what waits for a person, gravest first.

        Parameters
        ----------
        study : str, optional
            Only this study; None means all.

        Returns
        -------
        list of QueueItem
            Items without subject, visit or sample code.
        """
        from qc.review import queue

        return queue(self, study)

    def show(self, item: str) -> Shown:
        """Show one item with all its findings and decisions.

        Parameters
        ----------
        item : str
            ``R12``, ``R12/ferritin`` or ``R12.5``.

        Returns
        -------
        Shown
            The item.
        """
        from qc.review import show

        return show(self, item)

    def decide(
        self,
        items: str | HasSeen | Seen | Sequence[str | HasSeen | Seen],
        act: str,
        *,
        reason: str = "",
        note: str = "",
        actor: str | None = None,
        exceptions: Sequence[str] = (),
        expires_at: datetime | None = None,
        supersede: bool = False,
    ) -> list[Decided]:
        """Record one decision on one or several items.

        Parameters
        ----------
        items : str, QueueItem, Shown, or a sequence of them
            Names of items, or the items as they were seen: these are decided on without opening the facts, and a
            decision that somebody else has made since is told instead of being replaced.
        act : str
            ``approve``, ``reject``, ``repeat``, ``dilute`` or ``comment``.
        reason : str
            Code of ``reasons.toml``; may be empty only for a plain approval or a comment.
        note : str
            Free text.
        actor : str, optional
            Who decides; None means whoever has signed in, else the operating-system user.
        exceptions : sequence of str
            Items that were left out of a bulk decision on purpose; the ledger lists them.
        expires_at : datetime, optional
            When an approval over a failure ends, in UTC.
        supersede : bool
            Whether a decision of somebody else on an item that is only named may be replaced.

        Returns
        -------
        list of Decided
            The decisions, all or none of them recorded.

        Raises
        ------
        ConfigError
            If something is missing, unknown, or not allowed in the state of an item; all faults are named.
        RightsError
            If the person may not do it.
        ConflictError
            If somebody else has acted on an item.
        """
        from qc.deciding.asked import Asked, act_of
        from qc.deciding.decide import decide

        several = items if isinstance(items, Sequence) and not isinstance(items, str) else [items]
        asked = Asked(
            act=act_of(act),
            reason=reason,
            note=note,
            expires_at=expires_at,
            exceptions=tuple(exceptions),
            supersedes=supersede,
        )
        return decide(self, several, asked, actor=actor)

    def undo(self, items: str | Sequence[str], *, note: str = "", actor: str | None = None) -> list[Undone]:
        """Take back the decision that counts on each item: a new entry, and the decision before it counts again.

        Parameters
        ----------
        items : str or sequence of str
            Names of items.
        note : str
            Why.
        actor : str, optional
            Who acts; None means whoever has signed in, else the operating-system user.

        Returns
        -------
        list of Undone
            What was taken back, all or nothing.
        """
        from qc.deciding.undo import undo

        return undo(self, [items] if isinstance(items, str) else items, note=note, actor=actor)

    def pair_cost(self, items: str | Sequence[str]) -> list[PairCost]:
        """Say which contrasts would lose pairs if items were rejected; neither subject nor visit is told.

        Parameters
        ----------
        items : str or sequence of str
            Names of items.

        Returns
        -------
        list of PairCost
            Contrasts that would lose a pair, with how many remain against the plan's minimum.
        """
        from qc.deciding.pair_cost import pair_costs

        return pair_costs(self, [items] if isinstance(items, str) else items)

    def person(self, actor: str | None = None) -> Person:
        """Return who acts: a name and roles.

        Parameters
        ----------
        actor : str, optional
            Named actor; None means whoever has signed in on this terminal, else the operating-system user.

        Returns
        -------
        Person
            Who acts.

        Raises
        ------
        RightsError
            If the lab keeps accounts and nobody has signed in.
        """
        from qc.people.acting import acting_person

        return acting_person(self, actor)

    def sign_in(self, user: str, password: str) -> Session:
        """Open a session on this terminal; a failed try is recorded, and many of them are slowed.

        Parameters
        ----------
        user : str
            Name of an account.
        password : str
            Its password.

        Returns
        -------
        Session
            Who has signed in, and until when.
        """
        from qc.people.sessions import sign_in

        return sign_in(self, user, password)

    def sign(self, about: str, meaning: str, *, password: str | None = None, actor: str | None = None) -> Signature:
        """Sign an item with the decision on it, a release, or a locked plan.

        Parameters
        ----------
        about : str
            ``R12.5``, ``ALS-1-R1`` or ``plan:ALS-1``.
        meaning : str
            ``review``, ``approval``, ``responsibility`` or ``authorship``.
        password : str, optional
            Password; not needed within a session.
        actor : str, optional
            Who signs; None means whoever has signed in.

        Returns
        -------
        Signature
            The signature.
        """
        from qc.signing import sign

        return sign(self, about, meaning, password=password, actor=actor)

    def signatures(self, about: str | None = None) -> list[Signature]:
        """Return signatures, oldest first.

        Parameters
        ----------
        about : str, optional
            Only those on this; None means all.

        Returns
        -------
        list of Signature
            Signatures.
        """
        from qc.people.signatures import signatures

        return signatures(self.ledger, about)

    def unblind(self, items: str | Sequence[str], *, reason: str, actor: str | None = None) -> list[Unblinded]:
        """Tell what stands behind the blind of results or samples; the look and its reason are in the ledger first.

        Parameters
        ----------
        items : str or sequence of str
            Names of results or samples.
        reason : str
            Why.
        actor : str, optional
            Who looks; None means whoever has signed in, else the operating-system user.

        Returns
        -------
        list of Unblinded
            Sample, subject, visit and the subject's other results.
        """
        from qc.unblinding import unblind

        return unblind(self, [items] if isinstance(items, str) else items, reason=reason, actor=actor)

    def gate(self, study: str | None = None) -> Gate:
        """Say whether a study may be released.

        Parameters
        ----------
        study : str, optional
            Study; None means the default of qc.toml.

        Returns
        -------
        Gate
            Open or closed, and what holds it.
        """
        from qc.gate import gate

        return gate(self, study)

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
            The new release.
        """
        from qc.release import release

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
        from qc.release import open_release

        return open_release(self, name)

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
        from qc.planlock import lock_plan

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
        from qc.gated import gated_tests

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
        from qc.gated import write_page

        return write_page(self, release)

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

        from qc.result_states import blinded_results

        return blinded_results(self, study, datetime.now(UTC))

    def verify(self, *, anchor: str | Path | None = None, reads_again: bool = False) -> list[Fault]:
        """Recompute ledger, archive, facts, decisions, signatures and releases.

        Parameters
        ----------
        anchor : str or Path, optional
            File that ``qc audit anchor`` wrote once; without one a cut tail cannot be seen.
        reads_again : bool
            Whether every file of the archive is read again and compared with the facts.

        Returns
        -------
        list of Fault
            Everything that does not hold, the first broken link first; empty if all does.
        """
        from qc.audit import verify
        from qc.auditing.anchor import read_anchor

        return verify(self, anchor=read_anchor(Path(anchor)) if anchor else None, reads_again=reads_again)


def open_lab(folder: str | Path | None = None) -> Lab:
    """Open a lab.

    Parameters
    ----------
    folder : str or Path, optional
        Folder of the lab; None means QC_LAB, else the folder upward that holds qc.toml.

    Returns
    -------
    Lab
        The lab.

    Raises
    ------
    ConfigError
        If there is no lab, or its qc.toml is faulty.
    """
    import os

    root = find_lab(Path(folder) if folder is not None else None, os.environ)
    paths = LabPaths.of(root)
    return Lab(paths, read_settings(paths.settings))


def init_lab(folder: str | Path, *, name: str = "", settings: Mapping[str, str] | None = None) -> Lab:
    """Make the folder of a lab, or fill in what is missing in one.

    Parameters
    ----------
    folder : str or Path
        Where; a folder that holds other things is refused.
    name : str
        Name of the lab; empty means the name of the folder.
    settings : mapping of str to str, optional
        Settings to write into qc.toml, such as ``{"lab.label": "SYNTHETIC"}``.

    Returns
    -------
    Lab
        The lab.

    Raises
    ------
    ConfigError
        If the folder holds other things.
    """
    root = Path(folder)
    make_folder(root, name=name or root.resolve().name)
    if settings:
        _set(LabPaths.of(root).settings, settings)
    return open_lab(root)


def _set(path: Path, settings: Mapping[str, str]) -> None:
    from qc.config import with_settings

    path.write_text(with_settings(path.read_text(encoding="utf-8"), settings), encoding="utf-8")
