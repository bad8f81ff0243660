from __future__ import annotations

import re

import pytest
from rich.style import Style

from tui.drawing.colours import CONTRAST, DARK, LIGHT, PLAIN, contrast, ink_on, ramp
from tui.drawing.rule_words import DRIFT, SHAPES
from tui.drawing.themes import THEMES
from tui.drawing.well_words import LETTERS
from tui.text.run_cells import SIGNS

PALETTES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
NEEDED = {"dark": 4.5, "light": 4.5, "contrast": 7.0}
GRAPHIC = 3.0
TONES = ("ink", "muted", "good", "warn", "bad", "note")
_MARKS = frozenset("─╌┄┆│┴┬┤┼╵▏━●◆□○◇■▣▲△◈▴▾▸◂▶◀▀ ") | {chr(code) for code in range(0x2800, 0x2900)}
_ORNAMENTS = frozenset("▏▔▇▆▅▄▃▂▁█ ")  # edges of panes, bars of scrolling, and sparklines with their number beside them


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tone", TONES)
def test_every_tone_can_be_read_on_every_ground_of_its_theme(theme, tone):
    grounds = {name: getattr(THEMES[theme], name) for name in ("background", "surface", "panel")}
    if tone in ("ink", "muted"):
        grounds["title of the picture that has the keys"] = PALETTES[theme].focus
    if tone in ("ink", "bad", "warn"):
        grounds |= {band: getattr(PALETTES[theme], band) for band in ("band_1", "band_2", "band_3")}

    ratios = {name: round(contrast(getattr(PALETTES[theme], tone), ground), 2) for name, ground in grounds.items()}

    assert min(ratios.values()) >= NEEDED[theme], ratios


@pytest.mark.parametrize("tone", TONES)
def test_greys_can_be_read_without_colour(tone):
    grounds = (PLAIN.band_1, PLAIN.band_2, PLAIN.band_3, PLAIN.focus, "#1d242b")

    assert min(contrast(getattr(PLAIN, tone), ground) for ground in grounds) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_cursor_and_every_well_have_an_ink_that_can_be_read(theme):
    palette, primary = PALETTES[theme], THEMES[theme].primary
    wells = [ramp(step / 200, palette.ramp_gap) for step in range(201)]

    worst = min(contrast(ink_on(ground), ground) for ground in (*wells, palette.empty))

    assert worst >= NEEDED[theme]
    assert contrast("#ffffff", primary) >= NEEDED[theme]
    assert contrast(palette.cursor_ink, palette.cursor) >= 7


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", ["point", "standard", "line", "note", "cursor_mark"])
def test_marks_of_a_chart_stand_out_from_its_bands(theme, mark):
    palette = PALETTES[theme]
    grounds = (THEMES[theme].surface, palette.band_1, palette.band_2, palette.band_3)

    assert min(contrast(getattr(palette, mark), ground) for ground in grounds) >= GRAPHIC


def test_the_ratio_is_that_of_the_guideline():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


def _shown(app):
    """Return text, ink and ground of everything on the screen, or in the dialog over it."""
    strips = app.screen._compositor.render_strips()
    for box in app.screen.query("#box"):
        region = box.region
        strips = [strip.crop(region.x, region.right) for strip in strips[region.y : region.bottom]]
    for line in strips:
        for text, style, _ in line:
            style = style or Style()
            if not text.strip() or style.color is None or style.bgcolor is None:
                continue
            ink, ground = ("#{:02x}{:02x}{:02x}".format(*one.get_truecolor()) for one in (style.color, style.bgcolor))
            if style.dim:
                halves = ((int(ink[at : at + 2], 16) + int(ground[at : at + 2], 16)) // 2 for at in (1, 3, 5))
                ink = "#" + "".join(f"{half:02x}" for half in halves)
            yield text, *((ground, ink) if style.reverse else (ink, ground))


def _faint(app, needed):
    told = set()
    for text, ink, ground in _shown(app):
        letters = set(text)
        if letters <= _ORNAMENTS:
            continue
        least = GRAPHIC if letters <= _MARKS else needed
        if contrast(ink, ground) < least - 0.005:
            told.add((text.strip()[:30], ink, ground, round(contrast(ink, ground), 2)))
    return told


@pytest.mark.parametrize("screen", ["morning", "triage", "log", "rules", "limits", "compare", "release"])
def test_everything_on_a_screen_can_be_read_in_every_theme(reviewing, run, demo_folder, screen):
    from tui.app import ReviewApp

    first_words = {
        "morning": "items wait",
        "rules": "What it looks at",
        "limits": "proposed",
        "release": "Checklist of",
    }

    async def journey():
        told = {}
        async with reviewing(demo_folder, first=screen, size=(120, 40)) as reviewer:
            app: ReviewApp = reviewer.app
            if screen in first_words:
                await reviewer.until(lambda: first_words[screen] in reviewer.text())
            if screen == "triage":
                await reviewer.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
                await reviewer.press("space", "j")
            for name, theme in THEMES.items():
                app.theme = theme.name
                await reviewer.pilot.pause(0.1)
                told[name] = _faint(app, NEEDED[name])
                assert sum(1 for _ in _shown(app)) > 20
        return told

    assert run(journey()) == {name: set() for name in THEMES}


@pytest.mark.parametrize("keys", [("x",), ("question_mark",), ("slash", *"colour:x")], ids=["reject", "keys", "fault"])
def test_dialogs_can_be_read_in_every_theme(reviewing, run, demo_folder, keys):
    async def journey():
        told = {}
        async with reviewing(demo_folder, size=(120, 40)) as reviewer:
            await reviewer.press(*keys)
            for name, theme in THEMES.items():
                reviewer.app.theme = theme.name
                await reviewer.pilot.pause(0.1)
                told[name] = _faint(reviewer.app, NEEDED[name])
        return told

    assert run(journey()) == {name: set() for name in THEMES}


def test_every_verdict_rule_and_role_has_a_shape_of_its_own():
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert len({*SHAPES.values(), DRIFT, "●"}) == len(SHAPES) + 2
    roles = [letter for role, letter in LETTERS.items() if role not in ("sample", "empty")]
    assert len(set(roles)) == len(roles)


@pytest.mark.parametrize("no_color", ["", "1"])
def test_rows_tell_their_verdict_by_a_sign(reviewing, run, demo_folder, monkeypatch, no_color):
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)

    async def journey():
        async with reviewing(demo_folder) as reviewer:
            rows = [reviewer.model.row(at) for at in range(reviewer.model.n_rows)]
            return {row.item: row.verdict for row in rows}, reviewer.lines()

    verdicts, lines = run(journey())

    for item, verdict in verdicts.items():
        signs = [found[1] for line in lines if (found := re.match(rf".*?([✖✗?!✓]) {re.escape(item)} ", line))]
        assert signs == [SIGNS[verdict]]
