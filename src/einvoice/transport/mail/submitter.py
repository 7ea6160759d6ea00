# SPDX-License-Identifier: Apache-2.0
"""Sending by SMTP. There is no idempotency: what was sent and not answered is sent again under its ``Message-ID``.

Source: RFC 5321 (replies: 4xx later, 5xx never), RFC 3207 (STARTTLS), RFC 1870 (SIZE), RFC 3461 (delivery status
notifications).
"""

from __future__ import annotations

import contextlib
import hashlib
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from einvoice.transport.base import Capabilities, Inbound, Outcome, Prepared, Result, Submission
from einvoice.transport.deadline import SLOWEST, Deadline
from einvoice.transport.mail import replies
from einvoice.transport.mail.compose import Letter, check_address, compose
from einvoice.transport.mail.replies import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from einvoice.transport.identity import Identity

_YES: Final = 2
"""Replies that begin with 2 are a yes."""
_STEPS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Mailer:
    """A mail server that takes our messages.

    Attributes:
        host: its name.
        port: 587 for ``starttls``, 465 for ``implicit``, 25 for ``none``.
        tls: how the connection is secured; ``none`` is for tests and for a server on the same machine.
        user: the name to log in with, if one is needed.
        password: goes with it.
        sender: the address that messages come from.
        context: whom to believe for TLS; by default the authorities of the system.
        signer: signs messages with S/MIME.
        timeout: seconds that each step may take.
        clock: tells the time.
    """

    host: str
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    sender: str
    context: ssl.SSLContext | None = None
    signer: Identity | None = None
    timeout: float = 30.0
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def capabilities(self) -> Capabilities:
        """Nothing is promised: SMTP tells no duplicates, and a reply is no proof of delivery."""
        return Capabilities()

    def prepare(self, submission: Submission) -> Prepared:
        """Write the message; its identifier and date are fixed from here on.

        Args:
            submission: its ``request`` names ``receiver``, ``subject`` and ``text``.

        Raises:
            TransportError: an address is none (``ADDRESS``).
        """
        request = submission.request
        letter = Letter(
            key=submission.key,
            sender=self.sender,
            receiver=str(request["receiver"]),
            subject=str(request.get("subject") or submission.filename),
            text=str(request.get("text") or "The invoice is attached.\n"),
            filename=submission.filename,
            media_type=submission.media_type,
            content=submission.payload,
            date=self.clock(),
            digest=hashlib.sha256(submission.payload).hexdigest(),
        )
        about = {"from": check_address(self.sender), "to": check_address(letter.receiver), "id": submission.key}
        return Prepared(wire=compose(letter, signer=self.signer), media_type="message/rfc822", about=about)

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Hand the message to the server.

        Before its last dot was sent nothing was delivered; after that, without a reply, nobody knows.
        """
        del submission, attempt
        began = False
        try:
            with contextlib.closing(self._connect()) as server, self._deadline(server, len(prepared.wire)):
                refused = self._greet(server, prepared)
                if refused is not None:
                    return refused
                began = True
                code, reply = server.data(prepared.wire)
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPDataError as error:  # DATA itself was refused: nothing of the message left
            return replies.weigh(Step.RECEIVER, error.smtp_code, error.smtp_error)
        except smtplib.SMTPResponseException as error:
            if began:  # a line without end, where the reply to the message should stand
                return replies.weigh(Step.MESSAGE, -1, error.smtp_error)
            return replies.weigh(Step.ACCESS, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            outcome = Outcome.IN_DOUBT if began else Outcome.RETRY
            return Result(outcome=outcome, code="SMTP", detail=f"{type(error).__name__}: {error}"[:300])
        return replies.weigh(Step.MESSAGE, code, reply)

    def find(self, submission: Submission) -> Result | None:
        """SMTP has no question for this."""
        del submission
        return None

    def poll(self, remote_id: str) -> Result:
        """A reply to DATA is all that there is."""
        return Result(outcome=Outcome.DELIVERED, remote_id=remote_id)

    def receive(self) -> Iterable[Inbound]:
        """What comes in lies in a mailbox, see :mod:`einvoice.transport.mail.mailbox`."""
        return ()

    def acknowledge(self, inbound: Inbound) -> None:
        """Nothing comes in here."""

    def _connect(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        if self.tls == "implicit":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        if self.tls == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server

    def _greet(self, server: smtplib.SMTP, prepared: Prepared) -> Result | None:
        """Everything before the message itself; what the server refuses is a result."""
        server.ehlo_or_helo_if_needed()
        if self.user is not None:
            server.login(self.user, self.password or "")
        limit = str(server.esmtp_features.get("size", ""))
        if limit.isdigit() and 0 < int(limit) < len(prepared.wire):
            detail = f"the message has {len(prepared.wire):,} bytes, the server takes {int(limit):,}"
            return Result(outcome=Outcome.REJECTED, code="SIZE", detail=detail)
        options, notify = [], []
        if "size" in server.esmtp_features:
            options.append(f"SIZE={len(prepared.wire)}")
        if "dsn" in server.esmtp_features:
            options += ["RET=HDRS", f"ENVID={prepared.about['id']}"]
            notify.append("NOTIFY=FAILURE,DELAY")
        code, reply = server.mail(prepared.about["from"], options)
        if code // 100 != _YES:
            return replies.weigh(Step.SENDER, code, reply)
        code, reply = server.rcpt(prepared.about["to"], notify)
        return None if code // 100 == _YES else replies.weigh(Step.RECEIVER, code, reply)

    def _deadline(self, server: smtplib.SMTP, size: int) -> contextlib.AbstractContextManager[object]:
        """Cut a server that replies without end; a large message gets the time that it takes."""
        if server.sock is None:  # pragma: no cover - it is connected
            return contextlib.nullcontext()
        return Deadline(server.sock, _STEPS * self.timeout + size / SLOWEST)


def to_request(receiver: str, *, subject: str, text: str) -> dict[str, str]:
    """What the outbox keeps for a message.

    Raises:
        TransportError: the address is none (``ADDRESS``).
    """
    return {"receiver": check_address(receiver), "subject": subject, "text": text}
