from __future__ import annotations

import hashlib
import hmac
import re
import stat
from pathlib import Path

import pytest

import qc.lab.blinding
from qc.lab.blinding import make_secret, pseudonym, pseudonyms, read_secret
from schemas.errors import StoreError

SECRET = bytes(range(32))


def test_a_pseudonym_is_the_head_of_an_hmac_in_base_32() -> None:
    # Worked from the standard library: 4 bytes of length, kind, code; the first 25 bits, five at a time.
    digest = hmac.new(SECRET, b"\x00\x00\x00\x06sampleALS-01", hashlib.sha256).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)[:25]
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    assert pseudonym(SECRET, "sample", "ALS-01") == "S-" + "".join(
        letters[int(bits[i : i + 5], 2)] for i in range(0, 25, 5)
    )


def test_a_pseudonym_is_fixed_and_of_its_form() -> None:
    name = pseudonym(SECRET, "sample", "ALS-01-0-CSF")

    assert name == pseudonym(SECRET, "sample", "ALS-01-0-CSF")
    assert re.fullmatch(r"S-[0-9A-HJKMNP-TV-Z]{5}", name)


def test_secret_and_kind_change_a_pseudonym() -> None:
    names = {
        pseudonym(SECRET, "sample", "A"),
        pseudonym(SECRET, "subject", "A"),
        pseudonym(SECRET[::-1], "sample", "A"),
        pseudonym(SECRET, "sampleA", ""),
    }

    assert len(names) == 4


@pytest.mark.parametrize("length", [4, 52])
def test_a_length_that_the_hash_cannot_give_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="5 to 51"):
        pseudonym(SECRET, "sample", "A", length=length)


def test_many_codes_have_names_of_their_own_whatever_their_order() -> None:
    codes = [f"ALS-{number}" for number in range(20_000)]  # about 6 collisions are expected at 25 bits

    names = pseudonyms(SECRET, "sample", codes)

    assert len(set(names.values())) == len(codes)
    assert names == pseudonyms(SECRET, "sample", reversed(codes))
    assert all(name.startswith(pseudonym(SECRET, "sample", code)) for code, name in names.items())
    longer = [code for code, name in names.items() if len(name) > 7]
    assert len({pseudonym(SECRET, "sample", code) for code in longer}) < len(longer)


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / ".blind_secret"

    make_secret(path)
    secret = read_secret(path)
    make_secret(path)

    assert len(secret) == 32
    assert read_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o660])
def test_a_secret_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / ".blind_secret"
    make_secret(path)
    path.chmod(mode)

    with pytest.raises(StoreError, match="chmod 640"):
        read_secret(path)


def test_a_missing_or_short_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ".blind_secret"
    with pytest.raises(StoreError, match="cannot be read"):
        read_secret(path)
    path.write_bytes(b"short")
    path.chmod(0o600)

    with pytest.raises(StoreError, match="5 bytes, expected 32"):
        read_secret(path)


def test_the_alphabet_has_no_letter_that_is_read_as_another() -> None:
    assert len(set(qc.lab.blinding.ALPHABET)) == 32
    assert not set("ILOU") & set(qc.lab.blinding.ALPHABET)
