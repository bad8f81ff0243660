"""The manual of a rule for people who run a laboratory: its docstring without the names that only programs use."""

from __future__ import annotations

from collections.abc import Sequence

_HEADINGS = {
    "": "",
    "Notes": "How it works",
    "Parameters": "What it looks at",
    "Returns": "What it says",
    "Raises": "When it cannot judge",
    "References": "Sources",
}
_OF_PROGRAM = ("Parameters", "Returns", "Raises")


def manual_paragraphs(manual: str) -> list[tuple[str, list[str]]]:
    """Sort a manual into headings and paragraphs.

    Returns
    -------
    list of tuple
        Heading and its paragraphs, each as one line; the first one has no heading and says what the rule does.
        Sections without a paragraph are left out.
    """
    lines_by_heading = _sections(manual)
    found = ((words, _paragraphs(lines_by_heading.get(name, []))) for name, words in _HEADINGS.items())
    return [(words, paragraphs) for words, paragraphs in found if paragraphs or not words]


def _sections(manual: str) -> dict[str, list[str]]:
    lines_by_heading: dict[str, list[str]] = {"": []}
    heading, lines = "", manual.splitlines()
    for at, line in enumerate(lines):
        below = lines[at + 1].strip() if at + 1 < len(lines) else ""
        if below and set(below) == {"-"}:
            heading = line.strip()
            lines_by_heading[heading] = []
        elif line.strip() and set(line.strip()) == {"-"}:
            continue
        elif heading in _OF_PROGRAM and line.strip() and line[0] != " ":
            lines_by_heading[heading].append("")  # the name of an argument or a class begins another paragraph
        else:
            lines_by_heading[heading].append(line)
    return lines_by_heading


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Join the lines of each paragraph, so that a narrow pane breaks it anew."""
    paragraphs: list[str] = []
    is_new = True
    for line in lines:
        text = line.strip().replace("``", "'").removeprefix(".. ")
        is_new = is_new or line.lstrip().startswith((".. ", "- "))
        if not text:
            is_new = True
        elif is_new:
            paragraphs.append(text)
            is_new = False
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
    return paragraphs
