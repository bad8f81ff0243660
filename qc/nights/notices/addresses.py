"""Addresses of those who are told: URLs of apprise in a file of their own, since they carry passwords."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from typing import TYPE_CHECKING

from schemas.errors import ConfigError, Fault
from schemas.toml_file import toml_tree

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

RULES = ("new_rejects", "files_refused", "night_failed", "night_late", "watcher_silent", "lot_expires", "backup_old")
"""Settings of ``[notify]`` that name addresses."""


def addresses_by_rule(lab: LabFolder) -> dict[str, tuple[str, ...]]:
    """Return the names of the addresses that each rule tells."""
    return {rule: getattr(lab.settings.notify, rule) for rule in RULES}


def url_by_address(lab: LabFolder) -> Mapping[str, str]:
    """Read the addresses, and hold the rules against them.

    Returns
    -------
    mapping of str to str
        URL by name; none where ``[notify]`` names no file.

    Raises
    ------
    ConfigError
        If the file cannot be read, others may read it, it is faulty, or a rule names an address that it lacks.
    """
    wanted = {name for names in addresses_by_rule(lab).values() for name in names}
    own = lab.settings.notify.addresses_file
    if not own:
        if wanted:
            raise ConfigError(
                "[notify] of qc.toml tells somebody, and addresses_file names no file with the addresses."
            )
        return {}
    path = lab.paths.root / own
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"The addresses of [notify] in '{path}' cannot be read: {error}.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(f"Others may read the addresses in '{path}'. Expected a file of mode 600.")
    urls = toml_tree(text, own)
    _refuse_faulty(own, urls, wanted)
    return {name: str(url) for name, url in urls.items()}


def _refuse_faulty(file: str, urls: Mapping[str, object], wanted: set[str]) -> None:
    faults = [
        Fault(f"{file}, {name}", 'It is no text. Expected a URL such as "mailto://user:password@host".')
        for name, url in urls.items()
        if not isinstance(url, str)
    ]
    known = ", ".join(sorted(urls)) or "none"
    faults += [
        Fault("qc.toml, [notify]", f"Address '{name}' is not in '{file}'. Known: {known}.")
        for name in sorted(wanted - urls.keys())
    ]
    if faults:
        raise ConfigError("The addresses of [notify] have faults; nobody is told.", faults)
