"""What a filter is made of, in words: told where the one that was typed shows nothing."""

from __future__ import annotations

from tui.widgets.words import Line, Span, wrapped

_KEY = 14  # columns of a key before its words


def filter_lines(fault: str, width: int) -> list[Line]:
    """Write the filter language, what is wrong first.

    Parameters
    ----------
    fault : str
        What was not understood; empty if nothing was.
    """
    from schemas.queue_filter import KEYS, WORDS

    lines: list[Line] = [*wrapped(fault, width, "bad"), []] if fault else []
    lines += [[Span("A filter is made of", is_bold=True)]]
    for key, words in (*((f"{key}:", words) for key, words in KEYS.items()), *WORDS.items()):
        first, *more = wrapped(words, max(12, width - _KEY))
        lines.append([Span(f"  {key:<{_KEY - 2}}", "note"), *first])
        lines += [[Span(" " * _KEY), *line] for line in more]
    return [
        *lines,
        *wrapped("A comma means or, a minus in front means not; a word alone is looked for everywhere.", width),
    ]
