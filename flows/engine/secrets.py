"""Where passwords come from: the environment, or Prefect's Secret blocks; never a settings file or a URL."""

from __future__ import annotations

import os
from typing import Any

from data.sources.raw import SourceError

_USUAL = ("VOC_DATABASE_PASSWORD", "PGPASSWORD", "MYSQL_PWD")


def find_secret(reference: str | None) -> str | None:
    """Give a password.

    Args:
        reference: env:NAME or block:NAME; None for the usual variables.

    Returns:
        The password; None when nothing names one: some databases ask for none.

    Raises:
        SourceError: the reference names nothing that exists.
    """
    if reference is None:
        return next((os.environ[name] for name in _USUAL if os.environ.get(name)), None)
    kind, _, name = reference.partition(":")
    if kind == "env":
        if name not in os.environ:
            raise SourceError(
                f"password=env:{name}: the environment has no variable {name}; set it and run again"
            )
        return os.environ[name]
    return _block(name)


def _block(name: str) -> str:
    from prefect.blocks.system import Secret  # noqa: PLC0415 - only who names a block waits for Prefect

    try:
        block: Any = Secret.load(name, _sync=True)  # type: ignore[call-arg]
    except ValueError:
        raise SourceError(
            f"password=block:{name}: Prefect has no Secret block of that name; "
            "make one, or use password=env:NAME"
        ) from None
    return str(block.get())
