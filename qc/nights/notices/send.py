"""Send notices by their rules through apprise; what was told is kept, so that nobody is told the same every hour."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.archive import write_whole
from qc.nights.notices.addresses import addresses_by_rule, url_by_address
from qc.nights.notices.notice import Delivered, Notice
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_FILE = "notices.json"


def send(lab: LabFolder, notices: Iterable[Notice], *, now: datetime | None = None) -> list[Delivered]:
    """Tell whom ``[notify]`` names.

    Parameters
    ----------
    notices : iterable of Notice
        What there is to tell now. What has a key and is not among them is over: it is told anew if it comes again.
    now : datetime, optional
        Time in UTC; the clock, if not given.

    Returns
    -------
    list of Delivered
        What was sent, and whether it was taken; what was not is sent again the next time.

    Raises
    ------
    ConfigError
        If the addresses are faulty, or apprise is not installed.
    """
    now = now or datetime.now(UTC)
    urls, wanted = url_by_address(lab), addresses_by_rule(lab)
    path = lab.paths.root / "logs" / _FILE
    notices = list(notices)
    told = {key: at for key, at in _told(path).items() if key in {_key(one, to) for one in notices for to in urls}}
    sent: list[Delivered] = []
    for notice in notices:
        for address in wanted.get(notice.rule, ()):
            if _is_fresh(told.get(_key(notice, address)), now, lab.settings.notify.again_h):
                continue
            is_delivered = _deliver(urls[address], notice)
            sent.append(Delivered(rule=notice.rule, address=address, title=notice.title, is_delivered=is_delivered))
            if is_delivered and notice.key:
                told[_key(notice, address)] = now.isoformat()
    if urls:
        write_whole(path, json.dumps(told, indent=1).encode())
    return sent


def deliver_one(lab: LabFolder, address: str) -> Delivered:
    """Send a notice that tests an address.

    Raises
    ------
    ConfigError
        If there is no such address.
    """
    urls = url_by_address(lab)
    if address not in urls:
        raise ConfigError(f"There is no address '{address}'. Known: {', '.join(sorted(urls)) or 'none'}.")
    notice = Notice(rule="test", key="", title=f"{lab.name}: a test", text="This address is told by Assaygate.")
    is_delivered = _deliver(urls[address], notice)
    return Delivered(rule="test", address=address, title=notice.title, is_delivered=is_delivered)


def _key(notice: Notice, address: str) -> str:
    return f"{notice.rule} {notice.key} {address}"


def _is_fresh(at: str | None, now: datetime, again_h: float) -> bool:
    return at is not None and (now - datetime.fromisoformat(at)).total_seconds() < again_h * 3600


def _told(path: Path) -> Mapping[str, str]:
    try:
        told: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def _deliver(url: str, notice: Notice) -> bool:
    try:
        import apprise
    except ImportError as error:
        raise ConfigError("Notices need apprise: pip install 'assaygate[notify]'.") from error
    service = apprise.Apprise()
    # It says by its answer whether it was taken, and raises nothing.
    return bool(service.add(url)) and bool(service.notify(title=notice.title, body=notice.text))
