import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import qc
from qc.audit.anchor import stamp_faults, write_anchor
from qc.cli.main import command

SOURCE = Path(__file__).with_name("local_authority.py")


@pytest.fixture(scope="module")
def authority():
    spec = importlib.util.spec_from_file_location("local_authority", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Authority


@pytest.fixture(scope="module")
def own(authority):
    return authority()


@pytest.fixture
def stamped(released_demo, own, tmp_path):
    shutil.copytree(released_demo, tmp_path / "lab")
    lab = qc.open_lab(tmp_path / "lab")
    write_anchor(lab, tmp_path / "anchor.json", request=tmp_path / "anchor.tsq")
    (tmp_path / "anchor.tsr").write_bytes(own.answer((tmp_path / "anchor.tsq").read_bytes()))
    (tmp_path / "roots.pem").write_bytes(own.roots_pem)
    return tmp_path


def _faults(folder):
    return stamp_faults(folder / "anchor.json", folder / "anchor.tsr", folder / "roots.pem")


def test_a_genuine_answer_of_an_authority_proves_the_anchor(stamped):
    assert _faults(stamped) == []


def test_audit_verify_takes_a_genuine_time_stamp(stamped):
    words = ["audit", "verify", "--quick", "--json", "--lab", str(stamped / "lab")]
    words += ["--anchor", str(stamped / "anchor.json")]
    words += ["--stamp", str(stamped / "anchor.tsr"), "--roots", str(stamped / "roots.pem")]

    told = json.loads(CliRunner().invoke(command, words, standalone_mode=False).stdout)

    assert told["faults"] == []


def test_a_stamp_does_not_prove_an_anchor_that_was_altered_since(stamped):
    anchor = json.loads((stamped / "anchor.json").read_text())
    (stamped / "anchor.json").write_text(json.dumps(anchor | {"seq": anchor["seq"] - 1}))

    (fault,) = _faults(stamped)

    assert "does not prove" in fault.text


def test_a_stamp_of_an_authority_that_nobody_trusts_proves_nothing(stamped, authority):
    (stamped / "anchor.tsr").write_bytes(authority("a stranger").answer((stamped / "anchor.tsq").read_bytes()))

    (fault,) = _faults(stamped)

    assert "does not prove" in fault.text


def test_a_stamp_with_a_changed_byte_proves_nothing(stamped):
    whole = (stamped / "anchor.tsr").read_bytes()
    place = len(whole) - 20  # within the signature
    (stamped / "anchor.tsr").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])

    (fault,) = _faults(stamped)

    assert "does not prove" in fault.text
