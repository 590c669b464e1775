"""Characters that no edition may hold."""

from __future__ import annotations

import re

# HTML forbids them; Arrow and Python keep them.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
