"""Exports of Trustpilot."""

from exported.sample import Sample, as_csv, as_json, as_lines, as_xlsx

REPLY = "Dear customer, thank you for telling us."
SERVICE = [
    ["Domain Url", "Webshop Name", "Business Unit Id", "Review Id", "Review Created (UTC)", "Review Consumer User Id",
     "Review Username", "Review User Email", "Review Title", "Review Content", "Review Stars", "Source Of Review",
     "Reference Id", "Company Response", "Company Reply Date (UTC)", "Review Language", "Location Name"],
    ["norn.example", "Norn", "bu1", "t1", "2026-02-10 09:00:00", "u1", "Ada", "ada@example.org", "Late again",
     "The parcel took three weeks", "1", "Invitation", "O-77", REPLY, "2026-02-11 09:00:00", "en", ""],
    ["norn.example", "Norn", "bu1", "t2", "2026-07-11 10:00:00", "u2", "Bea", "", "Brava",
     "Consegna in un giorno, tutto perfetto", "5", "Organic", "", "", "", "it", "Norn Milano"],
]  # fmt: skip
RENAMED = [
    [{"Review Id": "Review ID", "Domain Url": "Domain URL"}.get(c, c) for c in SERVICE[0]],
    *SERVICE[1:],
]
SERVICE_READ = (
    {
        "own_id": "t1", "text": "Late again. The parcel took three weeks", "rating": 1, "order_id": "O-77",
        "created_at": "2026-02-10T09:00:00", "author": "ada@example.org", "brand": "Norn", "declared_language": "en",
    },
    {"own_id": "t2", "text": "Brava. Consegna in un giorno, tutto perfetto", "rating": 5, "location": "Norn Milano"},
)  # fmt: skip
PRODUCT = [
    ["review_id", "stars", "product_name", "product_sku", "content", "consumer_name", "created_at"],
    ["p1", "2", "Kettle", "K2", "The lid broke after two days", "Ada", "2026-02-10T09:00:00Z"],
    ["p2", "5", "Lamp", "L1", "Warm light and easy to mount", "Bea", "2026-02-11T09:00:00Z"],
]
PRODUCT_READ = (
    {"own_id": "p1", "text": "The lid broke after two days", "rating": 2, "product": "Kettle", "author": "Ada",
     "created_at": "2026-02-10T09:00:00"},
    {"own_id": "p2", "text": "Warm light and easy to mount", "rating": 5, "product": "Lamp"},
)  # fmt: skip


def answer(id, stars, title, text, language):
    return {
        "id": id, "status": "active", "language": language, "title": title, "text": text, "stars": stars,
        "createdAt": "2026-02-10T09:00:00Z", "consumer": {"id": f"u-{id}", "displayName": "Ada"},
        "businessUnit": {"identifyingName": "norn.example", "displayName": "Norn", "id": "bu1"},
        "companyReply": {"text": REPLY, "createdAt": "2026-02-11T09:00:00Z"},
    }  # fmt: skip


API = {
    "links": [{"href": "https://api.example.org", "method": "GET", "rel": "next-page"}],
    "reviews": [
        answer("t1", 1, "Late again", "The parcel took three weeks", "en"),
        answer("t2", 5, "Brava", "Consegna in un giorno, tutto perfetto", "it"),
    ],
}
API_READ = (
    {"own_id": "t1", "text": "Late again. The parcel took three weeks", "rating": 1, "brand": "Norn",
     "created_at": "2026-02-10T09:00:00", "author": "u-t1"},
    {"own_id": "t2", "text": "Brava. Consegna in un giorno, tutto perfetto", "rating": 5, "declared_language": "it"},
)  # fmt: skip


def trustpilot(id, source, data, read, **more):
    return Sample(id, source, data, read, kind="review", silent=(REPLY,), **more)


SAMPLES = [
    trustpilot("trustpilot-service-csv", "trustpilot", as_csv(SERVICE), SERVICE_READ, text="utf-8"),
    trustpilot("trustpilot-service-xlsx", "trustpilot", as_xlsx(RENAMED), SERVICE_READ),
    trustpilot("trustpilot-products", "trustpilot_products", as_csv(PRODUCT), PRODUCT_READ, text="utf-8"),
    trustpilot("trustpilot-api", "trustpilot_api", as_json(API), API_READ, text="utf-8"),
    trustpilot("trustpilot-api-lines", "trustpilot_api", as_lines(API["reviews"]), API_READ),
]
