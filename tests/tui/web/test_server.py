from __future__ import annotations

import asyncio
import re
import socket
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import qc
from qc.lab.settings import WebSettings
from qc.people.accounts import accounts
from qc.people.guarded_settings import enter_settings
from qc.people.sessions import PROXY, sign_out
from qc.people.tickets import issue, redeem
from qc.store.ledger import Kind
from schemas.errors import ConfigError, RightsError, SignInError
from tui.web.guard import LOOPBACK, Trust, read_trust, refusal_of
from tui.web.server import make_server, tab_command, web_command

PAGE = Path(__file__).parents[3] / "tui" / "web" / "templates" / "app_index.html"
OWN = {"Host": "127.0.0.1:8377"}
SECRET = "a secret of the proxy alone"
SAID = {"X-Proxy-Secret": SECRET, "X-Forwarded-User": "anna@lab.example"}
MAPPED = {"anna@lab.example": "anna"}


def test_the_page_loads_nothing_from_elsewhere():
    assert re.findall(r"https?://|//[a-z]", PAGE.read_text(encoding="utf-8")) == []


def test_a_tab_is_view_only_unless_a_proxy_names_the_person():
    assert "--read-only" in web_command(Path("lab"), "triage", user="")
    assert web_command(Path("a lab"), "triage", user="anna").endswith("--lab 'a lab' --as anna")


@pytest.mark.parametrize(
    ("headers", "public_url", "is_answered"),
    [
        (OWN, "", True),
        ({"Host": "evil.example"}, "", False),
        (OWN | {"Origin": "https://evil.example"}, "", False),
        (OWN | {"Origin": "http://127.0.0.1:8377", "Upgrade": "websocket"}, "", True),
        (OWN | {"Upgrade": "websocket"}, "", False),
        (OWN, "https://lab.example", True),
        ({"Host": "lab.example"}, "", False),
        ({"Host": "lab.example"}, "https://lab.example", True),
    ],
)
def test_the_server_answers_its_own_pages_alone(headers, public_url, is_answered):
    assert (refusal_of(headers, port=8377, public_url=public_url) == "") is is_answered


@pytest.mark.parametrize(
    ("web", "secret", "headers", "remote", "account"),
    [
        (WebSettings(trusted_proxies=("127.0.0.1",), accounts=MAPPED), SECRET, SAID, "127.0.0.1", "anna"),
        (WebSettings(accounts=MAPPED), SECRET, SAID, "127.0.0.1", ""),
        (WebSettings(trusted_proxies=("10.0.0.7",), accounts=MAPPED), SECRET, SAID, "127.0.0.1", ""),
        (WebSettings(trusted_proxies=("127.0.0.1",), accounts=MAPPED), SECRET, SAID, None, ""),
        (
            WebSettings(trusted_proxies=("127.0.0.1",), accounts=MAPPED),
            "",
            SAID | {"X-Proxy-Secret": ""},
            "127.0.0.1",
            "",
        ),
        (WebSettings(trusted_proxies=("127.0.0.1",)), SECRET, SAID | {"X-Proxy-Secret": "a guess"}, "127.0.0.1", ""),
        (WebSettings(trusted_proxies=("127.0.0.1",)), SECRET, SAID | {"X-Forwarded-User": "vera"}, "127.0.0.1", "vera"),
        (
            WebSettings(trusted_proxies=("127.0.0.1",), accounts=MAPPED),
            SECRET,
            SAID | {"X-Forwarded-User": "root"},
            "127.0.0.1",
            "",
        ),
        (WebSettings(trusted_proxies=("127.0.0.1",)), SECRET, SAID | {"X-Forwarded-User": "a; rm x"}, "127.0.0.1", ""),
    ],
    ids=[
        "believed",
        "no proxy is trusted",
        "another address",
        "no address",
        "no secret",
        "a wrong secret",
        "the account itself",
        "not in the list",
        "no name",
    ],
)
def test_a_person_is_believed_from_a_trusted_proxy_alone(web, secret, headers, remote, account):
    assert Trust(web, secret).person(headers, remote) == account


def test_a_secret_that_others_may_read_or_guess_is_refused(tmp_path):
    path = tmp_path / "secret"
    web = WebSettings(trusted_proxies=("127.0.0.1",), secret_file="secret")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_trust(web, tmp_path)
    path.write_text(SECRET)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="Others may read"):
        read_trust(web, tmp_path)
    path.chmod(0o600)
    assert read_trust(web, tmp_path).missing == ""
    path.write_text("short")
    with pytest.raises(ConfigError, match="shorter than 16"):
        read_trust(web, tmp_path)


def _behind_a_proxy(folder):
    settings = folder / "qc.toml"
    text = settings.read_text().replace("trusted_proxies = []", 'trusted_proxies = ["127.0.0.1"]')
    settings.write_text(text)
    lab = qc.open_lab(folder)
    enter_settings(lab, "root")
    return lab


def test_a_ticket_opens_one_session_and_signs_nothing_without_a_password(lab_of_nobody):
    lab = _behind_a_proxy(lab_of_nobody)
    ticket = issue(lab, "anna")

    session = redeem(lab, ticket)

    assert (session.user, session.by, lab.person("anna").name) == ("anna", PROXY, "anna")
    with pytest.raises(SignInError, match="too old or was used"):
        redeem(lab, ticket)
    lab.decide("R20.103", "approve", actor="anna")
    with pytest.raises(RightsError, match="no signature"):
        lab.sign("R20.103", "review", actor="anna")
    assert lab.sign("R20.103", "review", password="correct horse battery", actor="anna").by == "password"
    assert [e.body["outcome"] for e in lab.ledger.entries(kinds=[Kind.SIGN_IN])][-2:] == [
        "named by a proxy",
        "signed in",
    ]
    sign_out(lab)


@pytest.mark.parametrize("change", ["vera", "another lab", "old", "nonsense"])
def test_a_ticket_that_is_not_what_was_written_opens_nothing(lab_of_nobody, demo_folder, change):
    lab = _behind_a_proxy(lab_of_nobody)
    ticket = issue(lab, "anna")
    path = lab.paths.root / ".sessions" / f"ticket-{ticket}"
    text = path.read_text()
    changes = {
        "vera": text.replace("anna", "vera"),
        "old": re.sub(r'"until": "20\d\d', '"until": "2001', text),
        "nonsense": "{",
    }
    if change == "another lab":
        other = _behind_a_proxy(demo_folder)
        path.write_text((other.paths.root / ".sessions" / f"ticket-{issue(other, 'anna')}").read_text())
    else:
        path.write_text(changes[change])

    with pytest.raises(SignInError):
        redeem(lab, ticket)


def test_who_is_no_active_account_only_looks(lab_of_nobody, demo_folder):
    lab = _behind_a_proxy(lab_of_nobody)

    assert "--ticket" in tab_command(lab, "triage", "anna")
    assert "--read-only" in tab_command(lab, "triage", "stranger")
    assert "--read-only" in tab_command(lab, "triage", "")
    assert accounts(qc.open_lab(demo_folder).ledger) == {}
    assert tab_command(qc.open_lab(demo_folder), "triage", "vera").endswith("--as vera")


@asynccontextmanager
async def serving(folder, public_url=""):
    from aiohttp import ClientSession, web

    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    runner = web.AppRunner(await make_server(folder, "triage", port=port, public_url=public_url)._make_app())
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, port).start()
    async with ClientSession() as session:
        yield session, port
    await runner.cleanup()


async def seen(socket_, words, wait_s=60.0):
    """Read what a tab draws until some words have come."""
    drawn = ""
    async with asyncio.timeout(wait_s):
        while words not in drawn:
            message = await socket_.receive()
            drawn += message.data.decode(errors="replace") if isinstance(message.data, bytes) else str(message.data)
            drawn = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)
    return drawn


def test_a_browser_gets_the_page_under_the_name_of_the_server_alone(judged_demo):
    pytest.importorskip("textual_serve", reason="the extra 'web' is not installed")

    async def journey():
        async with serving(judged_demo) as (session, port):
            own = await session.get(f"http://{LOOPBACK}:{port}/")
            other = await session.get(f"http://{LOOPBACK}:{port}/", headers={"Host": "evil.example"})
            return own.status, other.status

    assert asyncio.run(journey()) == (200, 403)


def test_an_account_acts_in_a_tab_behind_the_proxy_and_nobody_else_does(lab_of_nobody):
    pytest.importorskip("textual_serve", reason="the extra 'web' is not installed")
    secret = lab_of_nobody / "proxy.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    settings = lab_of_nobody / "qc.toml"
    text = settings.read_text().replace("trusted_proxies = []", 'trusted_proxies = ["127.0.0.1"]')
    text = text.replace('secret_file = ""', 'secret_file = "proxy.secret"')
    settings.write_text(text.replace("[web.accounts]", '[web.accounts]\n"anna@lab.example" = "anna"'))
    enter_settings(qc.open_lab(lab_of_nobody), "root")
    url = "https://lab.example"

    def decisions():
        ledger = qc.open_lab(lab_of_nobody).ledger
        return [(e.body["act"], e.object, e.actor) for e in ledger.entries(kinds=[Kind.DECISION])]

    async def journey():
        async with serving(lab_of_nobody, url) as (session, port):
            place = f"http://{LOOPBACK}:{port}/ws?width=120&height=40"
            forged = {"Origin": url, **SAID, "X-Proxy-Secret": "a guess of somebody"}
            async with session.ws_connect(place, headers=forged) as tab:
                await seen(tab, "READ ONLY")
                await tab.send_json(["stdin", "a"])
                await seen(tab, "reading only")
            async with session.ws_connect(place, headers={"Origin": url, **SAID}) as tab:
                await seen(tab, "anna until")
                await tab.send_json(["stdin", "/rule:range.soft\r"])
                await tab.send_json(["stdin", "a"])
                await seen(tab, "approved")

    asyncio.run(journey())

    assert decisions() == [("approve", "R20.103", "anna")]
    assert [path.name for path in (lab_of_nobody / ".sessions").iterdir() if path.name != ".sign-in.lock"] == []
