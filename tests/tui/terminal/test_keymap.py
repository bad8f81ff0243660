from __future__ import annotations

import pytest

from schemas.errors import ConfigError
from tui.terminal.keymap import read_keymap


def test_a_file_of_keys_gives_the_keys_of_each_binding(tmp_path):
    (tmp_path / "keys.toml").write_text('[keys]\n"act.approve" = "y,enter"\n')

    assert read_keymap(tmp_path / "keys.toml") == {"act.approve": "y,enter"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[key]\n"act.approve" = "y"\n', "Did you mean 'keys'?"),
        ('[keys]\n"act.approve" = 3\n', "[keys] act.approve: Key 'act.approve' is '3'; a text was expected."),
        ("[keys", "not well-formed TOML"),
    ],
)
def test_what_is_no_file_of_keys_is_told(tmp_path, text, said):
    (tmp_path / "keys.toml").write_text(text)

    with pytest.raises(ConfigError) as caught:
        read_keymap(tmp_path / "keys.toml")

    assert said in str(caught.value)


def test_a_file_of_keys_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_keymap(tmp_path / "keys.toml")
