from __future__ import annotations

from types import SimpleNamespace

import pytest

from qc.triage.saved_queues import saved_queues
from schemas.errors import ConfigError


@pytest.fixture
def lab(tmp_path):
    return SimpleNamespace(paths=SimpleNamespace(root=tmp_path))


def test_a_lab_without_queues_of_its_own_has_the_shipped_ones(lab):
    assert ("all", "") in saved_queues(lab)


def test_queues_of_a_lab_come_in_the_order_of_the_file(lab, tmp_path):
    (tmp_path / "queues.toml").write_text('[queues]\nzz = "new"\nhot = "verdict:reject"\n')

    assert saved_queues(lab) == (("zz", "new"), ("hot", "verdict:reject"))


def test_every_fault_of_saved_queues_is_told_with_its_title(lab, tmp_path):
    (tmp_path / "queues.toml").write_text('[queue]\na = "new"\n[queues]\nhot = "verdct:reject"\nold = 3\n')

    with pytest.raises(ConfigError, match=r"queues\.toml has faults") as caught:
        saved_queues(lab)

    assert {fault.where for fault in caught.value.faults} == {"[queues] hot", "[queues] old", ""}
    assert "Did you mean 'queues'?" in str(caught.value)
    assert "'verdct' is no key of the filter" in str(caught.value)
