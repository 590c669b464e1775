"""Product and shop reviews."""

from __future__ import annotations

from data.sources.raw import Source
from data.sources.reviews.bazaarvoice import BazaarvoiceSource
from data.sources.reviews.google import GoogleSource
from data.sources.reviews.judgeme import JUDGEME
from data.sources.reviews.meta import MetaSource
from data.sources.reviews.okendo import OKENDO
from data.sources.reviews.trustpilot import API, PRODUCT, SERVICE
from data.sources.reviews.yotpo import YOTPO_API, YOTPO_FILE

REVIEWS: tuple[Source, ...] = (
    SERVICE,
    PRODUCT,
    API,
    JUDGEME,
    OKENDO,
    YOTPO_FILE,
    YOTPO_API,
    BazaarvoiceSource(),
    MetaSource(),
    GoogleSource(),
)
