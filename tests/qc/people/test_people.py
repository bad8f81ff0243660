from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

import qc
import qc.people.sessions as sessions
from qc.people.account_changes import add_account, change_account, enter_changed_settings
from qc.people.accounts import accounts
from qc.people.guarded_settings import enter_settings
from qc.people.rights import Right, has_right
from qc.people.second_factor import enter_factor, new_factor
from qc.store.ledger import Kind
from schemas.canonical import canonical_json, sha256_text
from schemas.errors import ConfigError, RightsError, SignInError

PASSWORD = "correct horse battery"
DISAGREE = "R15.22"


@pytest.fixture(scope="module")
def with_accounts(judged_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("accounts") / "lab"
    shutil.copytree(judged_demo, folder)
    lab = qc.open_lab(folder)
    add_account(lab, "root", roles=["admin"], password=PASSWORD)
    lab.sign_in("root", PASSWORD)
    add_account(lab, "anna", full_name="Anna Ek", roles=["lab_manager"], password=PASSWORD)
    add_account(lab, "stat", full_name="Stat Ist", roles=["statistician"], password=PASSWORD)
    sessions.sign_out(lab)
    return folder


@pytest.fixture
def lab(with_accounts, tmp_path):
    shutil.copytree(with_accounts, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def test_the_first_account_is_an_admin(fresh_lab):
    with pytest.raises(ConfigError, match="the first one, and always one, is an admin"):
        add_account(fresh_lab, "anna", roles=["lab_manager"], password=PASSWORD)


def test_an_admin_has_no_other_role(fresh_lab):
    with pytest.raises(ConfigError, match="judges no data"):
        add_account(fresh_lab, "root", roles=["admin", "qa"], password=PASSWORD)


@pytest.mark.parametrize("right", ["approve", "approve_over", "reject", "repeat", "sign", "release"])
def test_whatever_qc_toml_says_an_admin_judges_nothing(fresh_lab, right):
    path = fresh_lab.paths.settings
    text = path.read_text()
    line = next(line for line in text.splitlines() if line.startswith(f"{right} = "))
    path.write_text(text.replace(line, f'{right} = ["admin"]'))

    rights = qc.open_lab(fresh_lab.paths.root).settings.rights

    assert not has_right(rights, ["admin"], Right(right))


def test_the_last_admin_stays(lab):
    lab.sign_in("root", PASSWORD)

    with pytest.raises(ConfigError, match="always one, is an admin"):
        change_account(lab, "root", active=False)


def test_with_accounts_nobody_else_acts(lab):
    with pytest.raises(RightsError, match="nobody has signed in"):
        lab.decide(DISAGREE, "approve")
    with pytest.raises(RightsError, match="has not signed in"):
        lab.decide(DISAGREE, "approve", actor="anna")
    with pytest.raises(RightsError, match="no active account"):
        lab.decide(DISAGREE, "approve", actor="demo-script")


def test_who_has_signed_in_acts_by_the_rights_of_the_role(lab):
    lab.sign_in("stat", PASSWORD)
    with pytest.raises(RightsError, match="this needs the role lab_manager or qa"):
        lab.decide(DISAGREE, "approve")

    lab.sign_in("anna", PASSWORD)
    lab.decide(DISAGREE, "approve")

    assert lab.show(DISAGREE).decisions[-1].actor == "anna"


def test_an_admin_cannot_approve(lab):
    lab.sign_in("root", PASSWORD)

    with pytest.raises(RightsError, match="may not approve"):
        lab.decide(DISAGREE, "approve")


def test_only_who_may_keeps_accounts_and_anybody_changes_the_own_password(lab):
    lab.sign_in("anna", PASSWORD)
    with pytest.raises(RightsError, match="may not keep the accounts"):
        add_account(lab, "ben", roles=["qa"], password=PASSWORD)

    change_account(lab, "anna", password="another long password")

    with pytest.raises(RightsError):
        lab.sign_in("anna", PASSWORD)
    lab.sign_in("anna", "another long password")


def test_the_operating_system_user_acts_without_a_password_only_where_the_lab_says_so(lab):
    from qc.lab.actor import actor_or_user

    lab.sign_in("root", PASSWORD)
    change_account(lab, "anna", os_user=actor_or_user(None))
    sessions.sign_out(lab)
    with pytest.raises(RightsError):
        lab.decide(DISAGREE, "approve")

    text = lab.paths.settings.read_text()
    lab.paths.settings.write_text(text.replace("os_users = false", "os_users = true"))
    lab = qc.open_lab(lab.paths.root)
    with pytest.raises(RightsError, match=r"people.os_users: It says True; False was entered"):
        lab.decide(DISAGREE, "approve")
    lab.sign_in("root", PASSWORD)
    enter_changed_settings(lab)
    sessions.sign_out(lab)
    lab.decide(DISAGREE, "approve")

    assert lab.show(DISAGREE).decisions[-1].actor == "anna"


def test_who_is_no_admin_enters_no_changed_rights(lab):
    text = lab.paths.settings.read_text()
    line = next(line for line in text.splitlines() if line.startswith("approve = "))
    lab.paths.settings.write_text(text.replace(line, 'approve = ["statistician"]'))
    lab = qc.open_lab(lab.paths.root)
    lab.sign_in("stat", PASSWORD)

    with pytest.raises(RightsError, match=r"rights.approve: It says \['statistician'\]"):
        lab.decide(DISAGREE, "approve")
    with pytest.raises(RightsError, match="needs the role admin"):
        enter_changed_settings(lab)


def test_whoever_imports_the_module_opens_no_session_of_another(lab):
    from qc.store.entry import Draft

    lab.sign_in("stat", PASSWORD)
    sessions.keep_open(lab, "anna")
    assert sessions.open_session(lab).user == "stat"

    sessions.begin(lab, "anna", "ab" * 32, {"outcome": "signed in", "proof": "00" * 64}, by=sessions.PASSWORD)
    assert sessions.open_session(lab) is None

    body = {"outcome": "signed in", "terminal": sessions._terminal(), "token_sha256": sha256_text("cd" * 32)}
    lab.ledger.append([Draft(Kind.SIGN_IN, "anna", {**body, "proof": ""}, "anna")], at=datetime.now(UTC))
    sessions._write(lab, "anna", "cd" * 32, sessions.PASSWORD)
    assert sessions.open_session(lab) is None
    with pytest.raises(SignInError, match="No proxy"):
        sessions.begin_by_proxy(lab, "anna")


def test_neither_logname_nor_user_is_an_identity(fresh_lab, monkeypatch):
    from qc.lab.actor import effective_user

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "anna")

    assert fresh_lab.person(None).name == effective_user() != "anna"


def test_wrong_passwords_side_by_side_wait_as_those_in_a_row(lab):
    def wrong(_):
        with pytest.raises(RightsError) as refused:
            qc.open_lab(lab.paths.root).sign_in("anna", "wrong")
        return "in a row" in str(refused.value)

    with ThreadPoolExecutor(30) as pool:
        waited = list(pool.map(wrong, range(30)))

    assert waited.count(False) == sessions.FREE_TRIES


def test_a_password_is_kept_as_an_argon2_hash_alone(lab):
    content = b"".join(path.read_bytes() for path in lab.paths.root.glob("ledger.sqlite*"))

    assert PASSWORD.encode() not in content
    assert accounts(lab.ledger)["anna"].password_hash.startswith("$argon2id$")


def test_failed_tries_are_in_the_ledger_and_slowed(lab):
    for _ in range(3):
        with pytest.raises(RightsError, match="do not fit"):
            lab.sign_in("anna", "wrong")

    with pytest.raises(RightsError, match="3 wrong passwords in a row: try again in"):
        lab.sign_in("anna", PASSWORD)

    tries = lab.ledger.entries(kinds=[Kind.SIGN_IN], objects=["anna"])
    assert [entry.body["outcome"] for entry in tries] == ["refused"] * 3


def test_a_wrong_name_is_told_like_a_wrong_password_and_not_written_down(lab):
    with pytest.raises(RightsError, match="do not fit"):
        lab.sign_in("hunter2-typed-as-name", "x")

    assert all("hunter2" not in entry.object for entry in lab.ledger.entries(kinds=[Kind.SIGN_IN]))


def test_a_session_ends(lab, monkeypatch):
    lab.sign_in("anna", PASSWORD)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(minutes=16)

    monkeypatch.setattr(sessions, "datetime", Later)

    assert sessions.open_session(lab) is None


def test_a_session_file_that_was_edited_is_no_session(lab):
    lab.sign_in("stat", PASSWORD)
    path = next((lab.paths.root / ".sessions").glob("*.json"))
    told = json.loads(path.read_text())

    path.write_text(json.dumps(told | {"user": "anna"}))

    assert sessions.open_session(lab) is None


def test_a_session_of_another_terminal_is_no_session(lab, monkeypatch):
    lab.sign_in("anna", PASSWORD)
    path = next((lab.paths.root / ".sessions").glob("*.json"))
    monkeypatch.setattr(sessions, "_terminal", lambda: "0-1-2")
    path.rename(path.with_name("0-1-2.json"))

    assert sessions.open_session(lab) is None


def test_the_first_signature_needs_the_password_and_later_ones_a_session(lab):
    lab.sign_in("anna", PASSWORD)
    lab.decide(DISAGREE, "approve")
    lab.decide("R6.17", "repeat", reason="dilution")
    sessions.sign_out(lab)
    with pytest.raises(RightsError):
        lab.sign(DISAGREE, "review", actor="anna")

    first = lab.sign(DISAGREE, "review", password=PASSWORD, actor="anna")
    second = lab.sign("R6.17", "approval")

    assert (first.by, second.by, second.full_name) == ("password", "session", "Anna Ek")
    assert first.signed_sha256 == sha256_text(canonical_json(first.what))
    assert first.what["judged_sha256"] == lab.show(DISAGREE).seen.judged_sha256


def test_nothing_undecided_is_signed(lab):
    lab.sign_in("anna", PASSWORD)

    with pytest.raises(ConfigError, match="decide first"):
        lab.sign(DISAGREE, "review")


def test_without_accounts_there_is_no_signature(demo_folder):
    lab = qc.open_lab(demo_folder)
    lab.decide(DISAGREE, "approve")

    with pytest.raises(RightsError, match="needs an account"):
        lab.sign(DISAGREE, "review")


def test_with_four_eyes_nobody_signs_the_own_decision(lab):
    text = lab.paths.settings.read_text().replace("four_eyes = []", 'four_eyes = ["approve_over"]')
    lab.paths.settings.write_text(text)
    lab = qc.open_lab(lab.paths.root)
    enter_settings(lab, "root")
    lab.sign_in("anna", PASSWORD)
    lab.decide(DISAGREE, "approve")

    with pytest.raises(RightsError, match="cannot sign it too"):
        lab.sign(DISAGREE, "approval")


def test_settings_that_are_entered_again_unchanged_make_no_second_entry(lab):
    text = lab.paths.settings.read_text().replace("four_eyes = []", 'four_eyes = ["release"]')
    lab.paths.settings.write_text(text)
    lab = qc.open_lab(lab.paths.root)

    enter_settings(lab, "root")
    n_entries = lab.ledger.head()[0]
    enter_settings(lab, "root")

    assert lab.ledger.head()[0] == n_entries


def test_a_release_is_signed_over_the_hash_of_its_manifest(released_demo, tmp_path):
    folder = tmp_path / "lab"
    shutil.copytree(released_demo, folder)
    lab = qc.open_lab(folder)
    add_account(lab, "root", roles=["admin"], password=PASSWORD)
    lab.sign_in("root", PASSWORD)
    add_account(lab, "anna", roles=["lab_manager"], password=PASSWORD)

    signed = lab.sign("ALS-1-R1", "approval", password=PASSWORD, actor="anna")

    assert signed.what["manifest_sha256"] == lab.open_release().sha256


def test_who_decided_does_not_release_where_four_eyes_are_asked_for(demo_folder):
    from qc.api.demo import decide_all

    lab = qc.open_lab(demo_folder)
    decide_all(lab)
    text = lab.paths.settings.read_text().replace("four_eyes = []", 'four_eyes = ["release"]')
    lab.paths.settings.write_text(text)
    lab = qc.open_lab(demo_folder)
    with pytest.raises(RightsError, match="a second person is asked for"):
        lab.release(actor="demo-script")

    assert lab.release(actor="ben").name == "ALS-1-R1"


@pytest.fixture
def with_factor(lab):
    factor = new_factor(lab, "anna", PASSWORD)
    before = pyotp.TOTP(factor.secret).at(datetime.now(UTC) - timedelta(seconds=30))
    enter_factor(lab, "anna", PASSWORD, factor, before)
    return lab, pyotp.TOTP(factor.secret)


def test_a_second_factor_is_typed_behind_the_password_and_each_code_counts_once(with_factor):
    lab, totp = with_factor
    code = totp.now()

    with pytest.raises(RightsError, match="do not fit"):
        lab.sign_in("anna", PASSWORD)
    session = lab.sign_in("anna", PASSWORD + code)
    with pytest.raises(RightsError, match="do not fit"):
        lab.sign_in("anna", PASSWORD + code)

    assert session.user == lab.person().name == "anna"
    assert totp.secret not in json.dumps([dict(entry.body) for entry in lab.ledger.entries()])


def test_a_code_of_another_hour_opens_nothing(with_factor):
    lab, totp = with_factor

    with pytest.raises(RightsError, match="do not fit"):
        lab.sign_in("anna", PASSWORD + totp.at(datetime.now(UTC) - timedelta(hours=1)))


def test_where_the_lab_asks_for_it_a_password_alone_opens_no_session(lab):
    settings = lab.paths.settings
    settings.write_text(settings.read_text().replace("second_factor = false", "second_factor = true"))
    strict = qc.open_lab(lab.paths.root)

    with pytest.raises(SignInError, match="qc users second-factor anna"):
        strict.sign_in("anna", PASSWORD)
    factor = new_factor(strict, "anna", PASSWORD)
    with pytest.raises(RightsError, match="not the one of now"):
        enter_factor(strict, "anna", PASSWORD, factor, "000000x")
    enter_factor(strict, "anna", PASSWORD, factor, pyotp.TOTP(factor.secret).now())

    assert strict.sign_in("anna", PASSWORD + pyotp.TOTP(factor.secret).now()).user == "anna"


def test_a_new_password_takes_the_second_factor_away(with_factor):
    lab, totp = with_factor
    lab.sign_in("anna", PASSWORD + totp.now())

    change_account(lab, "anna", password="another long password")

    assert lab.sign_in("anna", "another long password").user == "anna"
