"""Sends messages: through Apprise, or as a ticket by webhook. No address is ever shown, logged or kept."""

from __future__ import annotations

import contextlib
import json
import logging
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from reports.notify.message import Message

TIMEOUT_SECONDS = 20.0
_LOUD = ("apprise", "urllib3", "requests")  # their messages hold parts of addresses


class DeliveryError(RuntimeError):
    """A message was not taken; the message of the error says how, never where."""


def send_message(address: str, message: Message) -> None:
    """Send through Apprise.

    Args:
        address: an Apprise URL: mailto://, slack://, msteams://, tgram://, json://...
        message: what to send.

    Raises:
        DeliveryError: the address is none that Apprise knows, or the channel did not take the message.
    """
    with _silenced():
        import apprise  # noqa: PLC0415 - slow to import, and only needed where something is sent

        channel = apprise.Apprise()
        if not channel.add(address):
            raise DeliveryError("the address is none that Apprise knows; see its list of services")
        try:
            taken = channel.notify(
                title=message.title, body=message.text, body_format=apprise.NotifyFormat.TEXT
            )
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and quote the address
            raise DeliveryError(f"the channel broke: {type(error).__name__}") from None
    if not taken:
        raise DeliveryError("the channel did not take the message")


def send_ticket(address: str, body: Any, *, headers: Mapping[str, str], key: str) -> None:  # noqa: ANN401 - JSON
    """Post a ticket as JSON; the key tells the receiver a repeat.

    Raises:
        DeliveryError: no answer, or one that is no success.
    """
    if not address.startswith(("http://", "https://")):
        raise DeliveryError("a ticket needs an http:// or https:// address")
    sent = {"Content-Type": "application/json", "Idempotency-Key": key, **headers}
    try:
        request = urllib.request.Request(address, json.dumps(body).encode(), sent, method="POST")  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            status = int(answer.status)
    except urllib.error.HTTPError as error:
        raise DeliveryError(f"the service answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise DeliveryError(f"no answer: {type(error).__name__}") from None
    if status >= 300:
        raise DeliveryError(f"the service answered {status}")


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in _LOUD]
    before = [(logger, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of modules that services import, long deprecated
            yield
    finally:
        for logger, was in before:
            logger.disabled = was
