"""What every HTML file of ours is drawn with: Jinja, our own style and script, and their hashes."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.drawing.characters import FORBIDDEN


def make_environment() -> Environment:
    """Give a Jinja environment that escapes everything and refuses names that nobody set."""
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_allowed,
    )


def own_text(name: str) -> str:
    """Read a style or script of reports/templates, on a line of its own."""
    return "\n" + resources.files("reports").joinpath("templates", name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """Give what a content security policy calls a style or script by, so that no other may run."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _allowed(value: object) -> object:
    """Drop the characters that HTML forbids; markup of our own passes as it is."""
    return FORBIDDEN.sub("", value) if isinstance(value, str) and not isinstance(value, Markup) else value
