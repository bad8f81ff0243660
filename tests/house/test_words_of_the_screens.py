"""The docstrings of the screens: one line that ends with a full stop, and no section that repeats name and type."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tui").rglob("*.py"))
HANDLERS = re.compile(r"(_.*|action_\w+|on_\w+|compose|render_line|render_segments)")
"""What Textual calls by its name, and what is private: the name tells."""


def owed(tree):
    """Return a module and what it shows to others: name and docstring."""
    yield "module", ast.get_docstring(tree)
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tops = [node for node in tree.body if isinstance(node, kinds)]
    shown = [top for top in tops if not top.name.startswith("_")]
    members = [node for top in shown if isinstance(top, ast.ClassDef) for node in top.body if isinstance(node, kinds)]
    for node in (*tops, *members):
        if not HANDLERS.fullmatch(node.name):
            yield node.name, ast.get_docstring(node)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_of_the_screens_says_in_one_line_what_it_shows(file):
    words = list(owed(ast.parse(file.read_text(encoding="utf-8"))))

    without = [name for name, text in words if not text or not text.partition("\n")[0].rstrip().endswith(".")]

    assert not without, f"{file.name}: write one line that ends with a full stop for {', '.join(without)}."
