"""Writing single settings into the text of ``qc.toml``, so that its comments stay."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from qc.lab.settings import Settings
from qc.lab.settings_file import parse_settings
from schemas.errors import ConfigError, Fault
from schemas.names import did_you_mean


def with_settings(text: str, settings: Mapping[str, str]) -> str:
    """Return the text of a ``qc.toml`` with some settings changed and everything else as it was.

    Parameters
    ----------
    settings : mapping of str to str
        Values by dotted name, such as ``lab.label``; a number is given as its text.

    Returns
    -------
    str
        TOML that :func:`qc.lab.settings_file.parse_settings` has accepted.

    Raises
    ------
    ConfigError
        If a name is not one of a single setting, or a value is not allowed; all faults are named.
    """
    known = {
        f"{section}.{key}": value
        for section, values in vars(Settings()).items()
        for key, value in vars(values).items()
        if isinstance(value, str | int | float)
    }
    unknown = [name for name in settings if name not in known]
    if unknown:
        hints = {name: did_you_mean(name, list(known)) or f" Known: {', '.join(known)}." for name in unknown}
        raise ConfigError("Nothing was changed.", [Fault(name, f"No such setting.{hints[name]}") for name in unknown])
    for name, value in settings.items():
        section, _, key = name.partition(".")
        written = (
            json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(known[name], str) else value
        )
        text = _replaced(text, section, f"{key} = {written}")
    parse_settings(text)
    return text


def with_list(text: str, name: str, values: Sequence[str]) -> str:
    """Return the text of a ``qc.toml`` with a list of words changed and everything else as it was.

    Parameters
    ----------
    name : str
        Dotted name of the setting.

    Raises
    ------
    ConfigError
        If it stands over several lines in the file, or is not allowed.
    """
    section, _, key = name.partition(".")
    text = _replaced(text, section, f"{key} = {json.dumps(list(values), ensure_ascii=False)}")
    parse_settings(text)
    return text


def _replaced(text: str, section: str, line: str) -> str:
    lines = text.splitlines()
    headers = [place for place, written in enumerate(lines) if re.match(r"\s*\[", written)]
    start = next((place for place in headers if re.match(rf"\s*\[\s*{section}\s*\]", lines[place])), None)
    if start is None:
        return "\n".join([*lines, "", f"[{section}]", line, ""])
    end = next((place for place in headers if place > start), len(lines))
    key = line.partition(" ")[0]
    old = next((place for place in range(start + 1, end) if re.match(rf"\s*{key}\s*=", lines[place])), None)
    if old is None:
        lines.insert(start + 1, line)
    else:
        lines[old] = line
    return "\n".join([*lines, ""])
