"""Tell of a night, and of the state in which it leaves the lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.nights.notices.of_night import notice_of_failure, notices_of_night
from qc.nights.notices.of_status import notices_of_status
from qc.nights.notices.send import send
from qc.triage.lab_status import lab_status

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.nights.night import Night
    from qc.nights.night_log import Tell


def tell_night(lab: LabFolder, night: Night, tell: Tell) -> tuple[str, ...]:
    """Send the notices of a night.

    Returns
    -------
    tuple of str
        What could not be told, in sentences: a night that nobody hears of is no good night.
    """
    if not lab.settings.notify.addresses_file:
        return ()
    with lab.facts.reading() as con:
        status = lab_status(lab, con)
    sent = send(lab, [*notices_of_night(night), *notices_of_status(status)])
    for one in sent:
        tell("notice", rule=one.rule, address=one.address, is_delivered=one.is_delivered)
    lost = [one for one in sent if not one.is_delivered]
    return tuple(f"'{one.address}' could not be told of '{one.rule}': its service took no notice." for one in lost)


def tell_failure(lab: LabFolder, error: Exception, tell: Tell) -> None:
    """Send the notice of a night that could not be ended."""
    for one in send(lab, [notice_of_failure(lab.name, error)]):
        tell("notice", rule=one.rule, address=one.address, is_delivered=one.is_delivered)
