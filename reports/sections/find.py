"""A section of the page by the name that the settings give it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from reports.sections import SECTIONS
from reports.sections.shared.blocks import Section
from reports.sections.shared.view import View

PART = ":"  # in the name of a section of one's own, as my_sections:show_channels


def find_section(name: str) -> Callable[[View], Section | None]:
    """Give the function that draws a section: one of ours, or one's own as ``module:function``.

    Raises:
        ValueError: when there is none of that name; the message lists those there are.
    """
    if name in SECTIONS:
        return SECTIONS[name]
    module, part, function = name.partition(PART)
    if not part:
        raise ValueError(
            f"the page has no section {name}; known: {', '.join(SECTIONS)}; or module:function of your own"
        )
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise ValueError(
            f"section {name}: {error}; name a function of a module that Python can import from here"
        ) from None
    if not callable(found):
        raise ValueError(f"section {name}: {function} is no function")
    drawn: Callable[[View], Section | None] = found
    return drawn
