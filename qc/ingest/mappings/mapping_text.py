"""The text of a mapping, as ``qc map`` writes it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from qc.ingest.mappings.proposal import Proposal
from schemas.errors import ConfigError


def mapping_text(proposal: Proposal, *, file: str) -> str:
    """Return a proposal as the TOML of a mapping.

    Parameters
    ----------
    file : str
        Name of the file that it was made for.
    """
    own = proposal.columns_by_title(is_analyte=False)
    wide = proposal.columns_by_title(is_analyte=True)
    titles = [one.title for one in proposal.columns if one.means] or [one.title for one in proposal.columns]
    lines = [
        f"# What the columns of '{_one_line(file)}' mean; read for every file that holds these titles in one header.",
        "[fits]",
        "titles = [",
        *(f"    {_quoted(title)}," for title in titles),
        "]",
        *([f"header_rows = {proposal.header_rows}"] if proposal.header_rows > 1 else []),
    ]
    lines += _table("run", {key: _quoted(value) for key, value in proposal.run.items()})
    lines += _table("columns", {title: _quoted(one.means) for title, one in own.items()})
    lines += _table("wide", {title: _wide(one.means, one.unit, one.visit) for title, one in wide.items()})
    return "\n".join([*lines, ""])


def _wide(analyte: str, unit: str, visit: str) -> str:
    keys = {"analyte": analyte, "unit": unit, "visit": visit}
    return "{ " + ", ".join(f"{key} = {_quoted(value)}" for key, value in keys.items() if value) + " }"


def _table(name: str, entries: dict[str, str]) -> list[str]:
    return ["", f"[{name}]", *(f"{_quoted(key)} = {value}" for key, value in entries.items())] if entries else []


def _quoted(text: str) -> str:
    # A JSON string is a valid TOML basic string but for DEL, which JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def mapping_name(file: Path) -> str:
    """Return the name that a mapping has if nobody says another: that of its file, without what counts files."""
    bare = re.sub(r"[\s_\-.]*\d[\d_\-.]*\Z", "", file.stem) or file.stem
    return re.sub(r"[^\w\-]+", "_", bare).strip("_") or "table"


def write_mapping(folder: Path, name: str, text: str) -> Path:
    """Write a mapping that is not there yet, whole or not at all.

    Raises
    ------
    ConfigError
        If there is one of that name, or the name is none of a file.
    """
    if not re.fullmatch(r"[\w\-]+", name):
        raise ConfigError(f"'{name}' is no name of a mapping; expected letters, digits, hyphens and underscores.")
    path = folder / f"{name}.toml"
    if path.exists():
        raise ConfigError(f"'{path}' is there already: give another name with --name, or take it away first.")
    folder.mkdir(exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return path
