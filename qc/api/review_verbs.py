"""What people decide: the verbs of a lab between queue and gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.lab.folder import LabFolder

if TYPE_CHECKING:
    from datetime import datetime

    from qc.decide.decide import HasSeen
    from qc.decide.pair_cost import LossCost
    from qc.decide.queue_and_show import QueueItem, Shown
    from qc.decide.request import Decided
    from qc.decide.unblind import Unblinded
    from qc.decide.undo import Undone
    from qc.items.cause_shown import CauseShown
    from qc.items.seen_item import Seen
    from qc.triage.decide_filtered import FilteredDecision
    from qc.triage.warned_items import WarnedItem


class ReviewVerbs(LabFolder):
    """What people decide: the verbs of a lab between queue and gate."""

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
        from qc.decide.queue_and_show import queue

        return queue(self, study)

    def cause(self, name: str) -> CauseShown:
        """Show one cause with the names of the items that wait for it.

        Parameters
        ----------
        name : str
            ``K7F3QX``.

        Returns
        -------
        CauseShown
            What they share, and what settles it.

        Raises
        ------
        ConfigError
            If nothing waits for it.
        """
        from qc.decide.queue_causes import cause_named

        return cause_named(self, name)

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
        from qc.decide.queue_and_show import show

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
            decision that somebody else has made since is told instead of being replaced. The name of a cause stands for
            all that wait for it, but for the exceptions.
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
        from qc.decide.decide import decide
        from qc.decide.request import DecisionRequest, act_of
        from qc.triage.cause_members import with_members

        several = items if isinstance(items, Sequence) and not isinstance(items, str) else [items]
        self._settle_before([item for item in several if isinstance(item, str)])
        request = DecisionRequest(
            act=act_of(act),
            reason=reason,
            note=note,
            expires_at=expires_at,
            exceptions=tuple(exceptions),
            supersedes=supersede,
        )
        return decide(self, with_members(self, several, exceptions), request, actor=actor)

    def _settle_before(self, names: Sequence[str]) -> None:
        if not names:
            return  # what was seen is decided on as it was seen
        from qc.assess.work_left import settle_before_deciding

        settle_before_deciding(self, names)

    def decide_fitting(
        self,
        text: str,
        act: str,
        *,
        n_items: int | None,
        reason: str = "",
        note: str = "",
        exceptions: Sequence[str] = (),
        actor: str | None = None,
    ) -> FilteredDecision:
        """Record one decision on all that waits and fits a filter; the items are looked up at the act.

        Parameters
        ----------
        text : str
            Filter of the screens, such as ``rule:2-2s analyte:ferritin``; empty for all that waits.
        act : str
            ``approve``, ``reject``, ``repeat``, ``dilute`` or ``comment``.
        n_items : int or None
            How many items it is about, as somebody has seen them; None is refused with the number.
        reason : str
            Code of ``reasons.toml``; may be empty only for a plain approval or a comment.
        note : str
            Free text.
        exceptions : sequence of str
            Items that are left out on purpose; the ledger lists them.
        actor : str, optional
            Who decides; None means whoever has signed in, else the operating-system user.

        Returns
        -------
        FilteredDecision
            How many were recorded, and the numbers of the entries; all or none.

        Raises
        ------
        ConflictError
            If another number of items fits, or somebody else has acted on one.
        """
        from qc.decide.request import DecisionRequest, act_of
        from qc.triage.decide_filtered import decide_fitting

        request = DecisionRequest(act=act_of(act), reason=reason, note=note, exceptions=tuple(exceptions))
        return decide_fitting(self, text, request, n_items=n_items, actor=actor)

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
        from qc.decide.undo import undo
        from qc.triage.cause_members import with_decided

        return undo(self, with_decided(self, [items] if isinstance(items, str) else items), note=note, actor=actor)

    def approved_in_spite(self, study: str | None = None) -> list[WarnedItem]:
        """List what was approved by rule in spite of a warning that the profile tolerates, blind as the queue is.

        Parameters
        ----------
        study : str, optional
            Only this study; None means all.

        Returns
        -------
        list of WarnedItem
            By run and result.
        """
        from qc.triage.warned_items import warned_items

        with self.facts.reading() as con:
            return warned_items(self, con, study or "")

    def pair_cost(self, items: str | Sequence[str]) -> LossCost:
        """Say which contrasts would lose pairs if items were set aside; neither subject nor visit is told.

        Parameters
        ----------
        items : str or sequence of str
            Names of items.

        Returns
        -------
        LossCost
            Contrasts that would lose a pair, with how many remain against the plan's minimum, and what is not known.
        """
        from qc.decide.lost_pairs import loss_cost

        return loss_cost(self, [items] if isinstance(items, str) else items)

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
        from qc.decide.unblind import unblind

        return unblind(self, [items] if isinstance(items, str) else items, reason=reason, actor=actor)
