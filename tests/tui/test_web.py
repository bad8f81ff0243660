from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tui.web import LOOPBACK, make_server, refusal_of, web_command

PAGE = Path(__file__).parents[2] / "tui" / "web_templates" / "app_index.html"
OWN = {"Host": "127.0.0.1:8377"}


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
        (OWN, "https://lab.example", False),
        ({"Host": "lab.example", "X-Forwarded-User": "anna"}, "https://lab.example", True),
        ({"Host": "lab.example", "X-Forwarded-User": "anna; rm -rf x"}, "https://lab.example", False),
    ],
)
def test_the_server_answers_its_own_pages_alone(headers, public_url, is_answered):
    assert (refusal_of(headers, port=8377, public_url=public_url) == "") is is_answered


def test_a_browser_gets_the_page_and_the_screen_over_loopback(judged_demo):
    pytest.importorskip("textual_serve", reason="the extra 'web' is not installed")
    from aiohttp import ClientSession, web

    async def journey():
        server = make_server(judged_demo, "triage", port=0, public_url="")
        runner = web.AppRunner(await server._make_app())
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        port = runner.addresses[0][1]
        async with ClientSession() as session:
            refused = await session.get(f"http://{LOOPBACK}:{port}/")
        await runner.cleanup()
        return server.host, refused.status

    # The port that was asked for is part of the name that is answered to: another one is refused.
    assert asyncio.run(journey()) == ("127.0.0.1", 403)
