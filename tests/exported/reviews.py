"""Judge.me, Okendo, Yotpo, Bazaarvoice; the feeds of Meta and Google."""

from exported.sample import Sample, as_csv, as_json, as_lines, as_xlsx

REPLY = "We are sorry to hear that, please write to us."

JUDGEME = [
    ["title", "body", "rating", "review_date", "reviewer_name", "reviewer_email", "product_id", "product_handle",
     "reply", "picture_urls"],
    ["Leaks", "The lid lets water out, every morning.", "2", "2026-02-10 15:30:40 UTC", "Bo B.", "bo@example.org",
     "77", "norn-kettle", REPLY, ""],
    ["", "Solid and quiet.", "5", "2026-02-11 08:00:00 UTC", "Ada", "ada@example.org", "77", "norn-kettle", "", ""],
]  # fmt: skip
JUDGEME_READ = (
    {"text": "Leaks. The lid lets water out, every morning.", "rating": 2.0, "author": "bo@example.org",
     "product": "norn-kettle", "created_at": "2026-02-10T15:30:40"},
    {"text": "Solid and quiet.", "rating": 5.0, "created_at": "2026-02-11T08:00:00"},
)  # fmt: skip
OKENDO = [
    ["name", "body", "handle", "productId", "rating", "sku", "dateCreated", "countryCode"],
    ["Bo", "The lid lets water out.", "norn-kettle", "77", "2", "K-2", "2026-02-10T10:00:00Z", "IT"],
    ["Ada", "Solid and quiet.", "norn-kettle", "77", "5", "K-2", "2026-02-11T08:00:00Z", "PL"],
]
OKENDO_READ = (
    {"text": "The lid lets water out.", "rating": 2.0, "author": "Bo", "product": "norn-kettle", "region": "IT",
     "created_at": "2026-02-10T10:00:00"},
    {"text": "Solid and quiet.", "rating": 5.0, "region": "PL"},
)  # fmt: skip
YOTPO = [
    ["Review ID", "Review Score", "Review Title", "Review Content", "Product Title", "Display Name", "Email",
     "Review Creation Date", "Comments"],
    ["901", "2", "Leaks", "The lid lets water out.", "Norn Kettle", "Bo B.", "bo@example.org", "2026-02-10", REPLY],
    ["902", "5", "Fine", "Solid and quiet.", "Norn Kettle", "Ada", "ada@example.org", "2026-02-11", ""],
]  # fmt: skip
YOTPO_READ = (
    {"own_id": "901", "text": "Leaks. The lid lets water out.", "rating": 2.0, "product": "Norn Kettle"},
    {"own_id": "902", "text": "Fine. Solid and quiet.", "rating": 5.0, "created_at": "2026-02-11T00:00:00"},
)
YOTPO_API = {
    "status": {"code": 200},
    "response": {
        "reviews": [
            {"id": 901, "score": 2, "votes_up": 1, "votes_down": 0, "content": "The lid lets water out.", "title": "Leaks",
             "created_at": "2026-02-10T10:00:00.000Z", "verified_buyer": True, "user": {"display_name": "Bo B."},
             "comment": {"content": REPLY}},
        ]
    },
}  # fmt: skip
BAZAARVOICE = {
    "TotalResults": 2,
    "Includes": {"Products": {"77": {"Name": "Norn Kettle", "Description": "A kettle."}}},
    "Results": [
        {"Id": "31", "Title": "Leaks", "ReviewText": "The lid lets water out.", "Rating": 4, "RatingRange": 10,
         "SubmissionTime": "2026-02-10T10:00:00.000+00:00", "LastModificationTime": "2026-02-12T10:00:00.000+00:00",
         "UserNickname": "bo", "ContentLocale": "en_GB", "ProductId": "77", "Pros": "cheap to buy", "Cons": None,
         "ClientResponses": [{"Response": REPLY}], "SecondaryRatings": {"Quality": {"Value": 2}}},
        {"Id": "32", "Title": None, "ReviewText": "Solid and quiet.", "Rating": 10, "RatingRange": 10,
         "SubmissionTime": "2026-02-11T10:00:00.000+00:00", "UserNickname": "ada", "ProductId": "77"},
    ],
}  # fmt: skip
BAZAARVOICE_READ = (
    {"own_id": "31", "text": "Leaks. The lid lets water out.", "rating": 1 + 3 / 9 * 4, "rating_original": 4.0,
     "created_at": "2026-02-10T10:00:00", "updated_at": "2026-02-12T10:00:00", "declared_language": "en_GB"},
    {"own_id": "31:pros", "text": "cheap to buy", "question": "Pros"},
    {"own_id": "32", "text": "Solid and quiet.", "rating": 5.0},
)  # fmt: skip
META_REVIEWS = [
    {"reviewID": "m1", "rating": 2, "title": "Leaks", "content": "The lid lets water out.",
     "createdAt": "2026-02-10T10:00:00Z", "updatedAt": "2026-02-11T10:00:00Z", "reviewer": {"name": "Bo"},
     "product": {"name": "Norn Kettle", "url": "https://shop.example/k"}},
    {"reviewID": "m2", "rating": 5, "title": "Fine", "content": "Solid and quiet.",
     "createdAt": "2026-02-11T10:00:00Z", "reviewer": {"name": "Ada"}, "product": {"name": "Norn Kettle"}},
]  # fmt: skip
META = {"aggregator": "Rateit", "store": {"name": "Norn Shop", "id": "9"}, "reviews": META_REVIEWS}
META_READ = (
    {"own_id": "m1", "text": "Leaks. The lid lets water out.", "rating": 2.0, "author": "Bo", "brand": "Norn Shop",
     "product": "Norn Kettle", "created_at": "2026-02-10T10:00:00", "updated_at": "2026-02-11T10:00:00"},
    {"own_id": "m2", "text": "Fine. Solid and quiet.", "rating": 5.0, "brand": "Norn Shop"},
)  # fmt: skip
META_XML = (
    "<?xml version='1.0' encoding='UTF-8'?><feed><store><name>Norn Shop</name></store><reviews>"
    + "".join(
        f"<review><reviewID>{r['reviewID']}</reviewID><rating>{r['rating']}</rating><title>{r['title']}</title>"
        f"<content>{r['content']}</content><created_at>{r['createdAt']}</created_at>"
        f"<reviewer><name>{r['reviewer']['name']}</name></reviewer></review>"
        for r in META_REVIEWS
    )
    + "</reviews></feed>"
)
META_CSV = [
    ["store.name", "reviewID", "rating", "title", "content", "created_at", "updated_at"],
    ["Norn Shop", "m1", "2", "Leaks", "The lid lets water out.", "2026-02-10T10:00:00Z", ""],
    ["Norn Shop", "m2", "5", "Fine", "Solid and quiet.", "2026-02-11T10:00:00Z", ""],
]
GOOGLE_PRODUCTS = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning">
 <version>2.3</version><publisher><name>Norn Shop</name></publisher>
 <reviews>
  <review><review_id>g1</review_id><reviewer><name is_anonymous="false">Bo B.</name></reviewer>
   <review_timestamp>2026-02-10T11:00:00+01:00</review_timestamp><title>Leaks</title>
   <content>The lid lets water out &amp; the cord is short.</content>
   <pros><pro>cheap</pro><pro>light</pro></pros><cons><con>leaks</con></cons>
   <ratings><overall min="1" max="5">2</overall></ratings>
   <products><product><product_ids><skus><sku>K-2</sku></skus></product_ids>
    <product_name>Norn Kettle</product_name></product></products></review>
  <review><review_id>g2</review_id><review_timestamp>2026-02-11T11:00:00+01:00</review_timestamp>
   <content>Buy now at my shop</content><is_spam>true</is_spam>
   <ratings><overall min="1" max="5">5</overall></ratings></review>
 </reviews>
</feed>"""
GOOGLE_PRODUCTS_READ = (
    {"own_id": "g1", "text": "Leaks. The lid lets water out & the cord is short.", "rating": 2.0, "author": "Bo B.",
     "product": "Norn Kettle", "created_at": "2026-02-10T10:00:00"},
    {"own_id": "g1:pros", "text": "cheap; light", "question": "Pros"},
    {"own_id": "g1:cons", "text": "leaks", "question": "Cons"},
)  # fmt: skip
GOOGLE_MERCHANTS = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://schemas.google.com/merchant_reviews/5.0">
 <merchants><merchant id="27"><name>Norn Shop</name><merchant_url>https://shop.example</merchant_url></merchant></merchants>
 <reviews>
  <review id="61" mid="27"><reviewer_name>Ada</reviewer_name>
   <create_timestamp>2026-02-10T07:55:06Z</create_timestamp>
   <last_update_timestamp>2026-02-12T07:55:06Z</last_update_timestamp><country_code>US</country_code>
   <title>Late</title><content>The parcel came two weeks late.</content>
   <ratings><overall min="1" max="10">4</overall><customer_service min="1" max="10">10</customer_service></ratings>
   <collection_method>after_fulfillment</collection_method></review>
  <review id="62" mid="27"><create_timestamp>2026-02-11T07:55:06Z</create_timestamp>
   <content>Fast and well packed.</content><ratings><overall min="1" max="10">10</overall></ratings></review>
 </reviews>
 <deleted_reviews><deleted_review id="5"><last_update_timestamp>2014-07-12T07:55:06Z</last_update_timestamp>
 </deleted_review></deleted_reviews>
</feed>"""
GOOGLE_MERCHANTS_READ = (
    {"own_id": "61", "text": "Late. The parcel came two weeks late.", "rating": 1 + 3 / 9 * 4, "rating_original": 4.0,
     "author": "Ada", "brand": "Norn Shop", "region": "US", "created_at": "2026-02-10T07:55:06",
     "updated_at": "2026-02-12T07:55:06"},
    {"own_id": "62", "text": "Fast and well packed.", "rating": 5.0, "brand": "Norn Shop"},
)  # fmt: skip

SAMPLES = (
    Sample("judgeme csv", "judgeme", as_csv(JUDGEME), JUDGEME_READ, "review", silent=(REPLY,), text="utf-8"),
    Sample("judgeme xlsx", "judgeme", as_xlsx(JUDGEME), JUDGEME_READ, "review", silent=(REPLY,)),
    Sample("okendo csv", "okendo", as_csv(OKENDO), OKENDO_READ, "review", text="utf-8"),
    Sample("yotpo csv", "yotpo", as_csv(YOTPO), YOTPO_READ, "review", silent=(REPLY,), text="utf-8"),
    Sample("yotpo json", "yotpo_api", as_json(YOTPO_API),
           ({"own_id": "901", "text": "Leaks. The lid lets water out.", "author": "Bo B."},), "review", silent=(REPLY,)),
    Sample("bazaarvoice json", "bazaarvoice", as_json(BAZAARVOICE), BAZAARVOICE_READ, "review", silent=(REPLY,)),
    Sample("bazaarvoice lines", "bazaarvoice", as_lines(BAZAARVOICE["Results"]), BAZAARVOICE_READ, "review"),
    Sample("meta json", "meta_reviews", as_json(META), META_READ, "review", text="utf-8"),
    Sample("meta xml", "meta_reviews", META_XML.encode(),
           tuple({k: v for k, v in one.items() if k not in ("product", "updated_at")} for one in META_READ), "review"),
    Sample("meta csv", "meta_reviews", as_csv(META_CSV),
           tuple({k: v for k, v in one.items() if k in ("own_id", "text", "brand", "rating")} for one in META_READ),
           "review", text="utf-8"),
    Sample("google products", "google_reviews", GOOGLE_PRODUCTS.encode(), GOOGLE_PRODUCTS_READ, "review", ("spam",)),
    Sample("google merchants", "google_reviews", GOOGLE_MERCHANTS.encode(), GOOGLE_MERCHANTS_READ, "review"),
)  # fmt: skip
