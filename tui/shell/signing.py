"""Signing in, signing out and signing: an act that needs a session asks for it, and goes on after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType

from schemas.errors import QcError, RightsError, SignInError
from tui.shell.acts import Acts
from tui.widgets.words import Span

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.people.sessions import Session
    from qc.people.signatures import Signature
    from tui.dialogs.sign import Signing as Given
    from tui.dialogs.sign_in import Credentials
    from tui.model.actor import Actor
    from tui.model.desk import Desk

Answer = TypeVar("Answer")


class Signing(Acts):
    """App at which somebody signs in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("I", "sign_in", "sign in, or as somebody else", show=False, id="app.sign_in"),
        Binding("O", "sign_out", "sign out", show=False, id="app.sign_out"),
    ]
    desk: Desk
    who: Actor | None = None
    """Who would act now, as far as is known."""
    ticket = ""
    """Ticket that opens a session in a tab of the browser; empty for none."""
    person = ""
    """Whose marks, reasons and queues are at hand; empty before somebody was known."""

    def refusal_to_act(self) -> str:
        """Say why nothing may be decided here; empty if one may."""
        return ""

    def tell_screen(self) -> None:
        """Let the screen show again what its header tells."""

    async def person_changed(self) -> None:
        """Take note that somebody else looks now."""

    def reader_words(self) -> list[Span]:
        """Return who has signed in and until when, for the header.

        Returns
        -------
        list of Span
            Nothing where the lab keeps no accounts.
        """
        words = self.who.words(datetime.now(UTC)) if self.who is not None else ""
        return [Span(f"{words}  ", "warn" if words.startswith("nobody") else "good")] if words else []

    async def use_ticket(self) -> None:
        """Open the session that the server of this tab has asked for."""
        if not self.ticket:
            return
        from qc.people.tickets import redeem

        try:
            await self.desk.act(lambda lab: redeem(lab, self.ticket))
        except SignInError as error:
            self.say(str(error), tone="warning")

    async def end_tab(self) -> None:
        """End the session of this tab: nobody can come back to it."""
        if not self.ticket:
            return
        from qc.people.sessions import sign_out

        await self.desk.act(sign_out)

    async def look_who_acts(self) -> None:
        """Look who has signed in, and until when."""
        from tui.model.actor import present_actor

        before, self.who = self.who, await self.desk.act(lambda lab: present_actor(lab, self.desk.actor))
        if before != self.who:
            self.tell_screen()

    async def is_known(self) -> bool:
        """Tell whether somebody is known to act; ask to sign in where nobody is.

        Returns
        -------
        bool
            False if the question was left.
        """
        try:
            await self.desk.act(lambda lab: lab.person(self.desk.actor))
        except SignInError as error:
            return await self._signed_in(str(error))
        return True

    async def recorded(self, act: Callable[[Lab, str | None], Answer]) -> Answer | None:
        """Do something that is recorded under somebody's name; ask to sign in where nobody is known to act.

        Returns
        -------
        object or None
            What it gave; None if it was refused, which is told, or nobody has signed in.
        """
        while True:
            try:
                result = await self.desk.act(lambda lab: act(lab, self.desk.actor))
            except SignInError as error:
                if not await self._signed_in(str(error)):
                    self.say("nothing was recorded: nobody has signed in", tone="warning")
                    return None
            except QcError as error:
                self.say(str(error), tone="error")
                return None
            else:
                await self.look_who_acts()
                return result

    def action_sign_in(self) -> None:
        self.flow(self._sign_in())

    async def _sign_in(self) -> None:
        if self.who is not None and not self.who.has_accounts:
            self.say("this lab keeps no accounts: 'qc users add' makes the first one", tone="warning")
            return
        await self._signed_in("Who is there? Acts are recorded under this name from now on.", is_sudden=False)

    async def _signed_in(self, why: str, *, is_sudden: bool = True) -> bool:
        from tui.dialogs.sign_in import SignInDialog

        name, fault = (self.desk.actor or self.person) if is_sudden else "", ""
        while True:
            given = await self.answer(SignInDialog(name, why, fault, is_sudden=is_sudden or bool(fault)))
            if given is None:
                return False
            name = given.name
            try:
                session = await self.desk.act(_signing_in(given))
            except RightsError as error:
                fault = str(error)
                continue
            break
        await self._acts_now(session.user)
        self.say(f"{session.user} has signed in until {session.until:%H:%M} UTC   O signs out")
        return True

    async def _acts_now(self, name: str) -> None:
        self.desk.actor = name
        if self.person != name:
            self.person = name
            await self.person_changed()
        await self.look_who_acts()

    def action_sign_out(self) -> None:
        self.flow(self._sign_out())

    async def _sign_out(self) -> None:
        from qc.people.sessions import sign_out

        if self.who is None or self.who.until is None:
            self.say("nobody has signed in here", tone="warning")
            return
        await self.desk.act(sign_out)
        self.desk.actor = None
        await self.look_who_acts()
        self.say("signed out: the next act asks who is there")

    async def sign(self, about: str) -> None:
        """Ask for the meaning of a signature, and sign."""
        from tui.dialogs.sign import SignDialog
        from tui.model.actor import present_actor

        refusal = self.refusal_to_act()
        if refusal:
            self.say(refusal, tone="warning")
            return
        given, fault, signed = None, "", None
        while signed is None:
            who = await self.desk.act(lambda lab: present_actor(lab, self.desk.actor))
            given = await self.answer(SignDialog(about, who, before=given, fault=fault))
            if given is None:
                return
            try:
                signed = await self.desk.act(_signing(about, given, self.desk.actor))
            except QcError as error:
                if not (isinstance(error, RightsError) and who.has_accounts and given.password):
                    self.say(str(error), tone="error")
                    return
                fault = str(error)  # a wrong password is asked for again
        await self._acts_now(signed.user)
        self.say(f"{about}: signed by {signed.full_name or signed.user}, {signed.meaning.value} (entry {signed.seq})")


def _signing_in(given: Credentials) -> Callable[[Lab], Session]:
    return lambda lab: lab.sign_in(given.name, given.password)


def _signing(about: str, given: Given, actor: str | None) -> Callable[[Lab], Signature]:
    return lambda lab: lab.sign(about, given.meaning, password=given.password or None, actor=given.name or actor)
