"""Masks personal data before anything is kept."""

from data.privacy.keys import Keys
from data.privacy.masker import Masker, MaskRules
from data.privacy.spans import KINDS, MEANINGS, PLACEHOLDERS

__all__ = ["KINDS", "MEANINGS", "PLACEHOLDERS", "Keys", "MaskRules", "Masker"]
