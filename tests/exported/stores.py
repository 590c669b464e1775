"""Exports of app stores."""

from exported.sample import Sample, as_csv, as_json, as_lines

CONSOLE = [
    "Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device",
    "Review Submit Date and Time", "Review Submit Millis Since Epoch", "Review Last Update Date and Time",
    "Review Last Update Millis Since Epoch", "Star Rating", "Review Title", "Review Text",
    "Developer Reply Date and Time", "Developer Reply Millis Since Epoch", "Developer Reply Text", "Review Link",
]  # fmt: skip
LINK = "https://play.google.com/console/developers/1/app/2/user-feedback/review-details?reviewId={}&corpus=PUBLIC_REVIEWS"
REPLY = "Dear customer, we are sorry to hear this and will look into it."


def console_row(id, stars, title, text, *, submitted, updated=None, language="en", reply=""):
    updated = updated or submitted
    millis = {"2026-02-10T09:00:00Z": "1770714000000", "2026-02-20T10:30:00Z": "1771583400000"}
    return [
        "org.norn.app", "12", "1.2", language, "oriole", submitted, millis[submitted], updated, millis[updated], stars,
        title, text, "", "", reply, LINK.format(id) if id else "",
    ]  # fmt: skip


FIRST, LATER = "2026-02-10T09:00:00Z", "2026-02-20T10:30:00Z"
ROWS = [
    console_row("gp%3AAOqpTOE_one", "2", "Slow", "It takes ages to log in", submitted=FIRST, reply=REPLY),
    console_row(
        "gp%3AAOqpTOE_two", "5", "", "Semplice e veloce, complimenti", submitted=FIRST, updated=LATER
    ),
    console_row("", "4", "", "", submitted=LATER),
]
CONSOLE_READ = (
    {
        "own_id": "gp:AOqpTOE_one", "text": "Slow. It takes ages to log in", "rating": 2, "product": "org.norn.app",
        "created_at": "2026-02-10T09:00:00", "updated_at": "2026-02-10T09:00:00", "channel": "Google Play",
        "declared_language": "en",
    },
    {
        "own_id": "gp:AOqpTOE_two", "text": "Semplice e veloce, complimenti", "rating": 5,
        "created_at": "2026-02-10T09:00:00", "updated_at": "2026-02-20T10:30:00",
    },
    {"own_id": None, "text": None, "rating": 4},
)  # fmt: skip
WITHOUT_MILLIS = [
    [cell for name, cell in zip(CONSOLE, row, strict=True) if "Millis" not in name]
    for row in [CONSOLE, *ROWS]
]

API = {
    "reviews": [
        {
            "reviewId": "gp:AOqpTOE_one", "authorName": "Ada Winter",
            "comments": [
                {"userComment": {"text": "Slow\tIt takes ages to log in", "lastModified": {"seconds": "1770714000", "nanos": 1},
                                 "starRating": 2, "reviewerLanguage": "en", "device": "oriole", "appVersionName": "1.2"}},
                {"developerComment": {"text": REPLY, "lastModified": {"seconds": "1770714001"}}},
            ],
        },
        {
            "reviewId": "gp:AOqpTOE_two", "authorName": "Bea",
            "comments": [{"userComment": {"text": "Simple and quick, congratulations", "starRating": 5,
                                          "originalText": "\tSemplice e veloce, complimenti",
                                          "lastModified": {"seconds": "1771583400"}, "reviewerLanguage": "it"}}],
        },
    ]
}  # fmt: skip
API_READ = (
    {
        "own_id": "gp:AOqpTOE_one", "text": "Slow. It takes ages to log in", "rating": 2, "author": "Ada Winter",
        "created_at": "2026-02-10T09:00:00",
    },
    {"own_id": "gp:AOqpTOE_two", "text": "Semplice e veloce, complimenti", "rating": 5, "declared_language": "it"},
)  # fmt: skip
SCRAPED = [
    {"reviewId": "gp:AOqpTOE_one", "userName": "Ada Winter", "content": "It takes ages to log in", "score": 2,
     "thumbsUpCount": 3, "at": "2026-02-10 09:00:00", "replyContent": REPLY, "repliedAt": "2026-02-11 09:00:00"},
    {"reviewId": "gp:AOqpTOE_two", "userName": "Bea", "content": "Semplice e veloce", "score": 5, "thumbsUpCount": 0,
     "at": "2026-02-20 10:30:00", "replyContent": None, "repliedAt": None},
]  # fmt: skip
SCRAPED_READ = (
    {
        "own_id": "gp:AOqpTOE_one",
        "text": "It takes ages to log in",
        "rating": 2,
        "created_at": "2026-02-10T09:00:00",
    },
    {"own_id": "gp:AOqpTOE_two", "text": "Semplice e veloce", "rating": 5},
)


def apple_review(id, stars, title, body, territory):
    return {
        "type": "customerReviews", "id": id,
        "attributes": {"rating": stars, "title": title, "body": body, "reviewerNickname": "ada_w",
                       "createdDate": "2026-02-10T02:00:00-07:00", "territory": territory},
        "relationships": {"response": {"links": {"self": "https://api.appstoreconnect.apple.com/v1/x"}}},
    }  # fmt: skip


CONNECT = {
    "data": [
        apple_review("00000001-aa", 1, "Crashes!", "It closes whenever I open my basket", "ITA"),
        apple_review("00000002-bb", 5, "Bella", "Funziona tutto benissimo", "ITA"),
    ],
    "links": {"self": "https://api.appstoreconnect.apple.com/v1/apps/1/customerReviews"},
    "meta": {"paging": {"total": 2, "limit": 100}},
}
CONNECT_READ = (
    {
        "own_id": "00000001-aa", "text": "Crashes! It closes whenever I open my basket", "rating": 1, "region": "ITA",
        "created_at": "2026-02-10T09:00:00", "author": "ada_w", "channel": "App Store",
    },
    {"own_id": "00000002-bb", "text": "Bella. Funziona tutto benissimo", "rating": 5},
)  # fmt: skip


def feed_entry(id, stars, title, text):
    return {
        "author": {"uri": {"label": "https://example.org/id1"}, "name": {"label": "ada_w"}, "label": ""},
        "updated": {"label": "2026-02-10T02:00:00-07:00"}, "im:rating": {"label": str(stars)},
        "im:version": {"label": "1.2"}, "id": {"label": id}, "title": {"label": title},
        "content": {"label": text, "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://example.org/1"}},
    }  # fmt: skip


APP = {
    "im:name": {"label": "Norn"},
    "title": {"label": "Norn - Norn Ltd"},
    "content": {"label": "The app of Norn"},
}
ENTRIES = [
    feed_entry("13000000001", 1, "Crashes!", "It closes whenever I open my basket"),
    feed_entry("13000000002", 5, "Lovely", "Everything works very well here"),
]
FEED_READ = (
    {
        "own_id": "13000000001", "text": "Crashes! It closes whenever I open my basket", "rating": 1,
        "created_at": "2026-02-10T09:00:00", "author": "ada_w", "channel": "App Store",
    },
    {"own_id": "13000000002", "text": "Lovely. Everything works very well here", "rating": 5},
)  # fmt: skip


def atom(entries):
    body = "".join(
        f"<entry><updated>2026-02-10T02:00:00-07:00</updated><id>{id}</id><title>{title}</title>"
        f'<content type="text">{text}</content><im:contentType term="Application" label="Application"/>'
        f"<im:voteSum>0</im:voteSum><im:rating>{stars}</im:rating><im:version>1.2</im:version>"
        f"<author><name>ada_w</name><uri>https://example.org/id1</uri></author>"
        f'<content type="html">&lt;table border="0"&gt;&lt;tr&gt;&lt;td&gt;{text}&lt;/td&gt;&lt;/tr&gt;</content></entry>'
        for id, stars, title, text in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns:im="http://itunes.apple.com/rss" '
        'xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>https://example.org</id><title>Norn</title>'
        f'<updated>2026-02-11T00:00:00-07:00</updated><link rel="self" href="https://example.org/f"/>{body}</feed>'
    ).encode()


ATOM = atom(
    [
        ("13000000001", 1, "Crashes!", "It closes whenever I open my basket"),
        ("13000000002", 5, "Lovely", "Everything works very well here"),
    ]
)


def store(id, source, data, read, **more):
    return Sample(id, source, data, read, kind="review", silent=(REPLY, "The app of Norn"), **more)


SAMPLES = [
    store("play-console-utf16", "google_play", as_csv([CONSOLE, *ROWS], encoding="utf-16"), CONSOLE_READ),
    store("play-console-utf8", "google_play", as_csv([CONSOLE, *ROWS]), CONSOLE_READ, text="utf-8"),
    store("play-console-without-millis", "google_play", as_csv(WITHOUT_MILLIS), CONSOLE_READ),
    store("play-api", "google_play_api", as_json(API), API_READ, text="utf-8"),
    store("play-api-lines", "google_play_api", as_lines(API["reviews"]), API_READ),
    store("play-pages-json", "google_play_pages", as_json(SCRAPED), SCRAPED_READ),
    store(
        "play-pages-csv",
        "google_play_pages",
        as_csv([list(SCRAPED[0]), *(list(one.values()) for one in SCRAPED)]),
        SCRAPED_READ,
    ),
    store("app-store-connect", "app_store_connect", as_json(CONNECT), CONNECT_READ, text="utf-8"),
    store("app-store-connect-lines", "app_store_connect", as_lines(CONNECT["data"]), CONNECT_READ),
    store(
        "app-store-feed-json",
        "app_store_feed",
        as_json({"feed": {"entry": ENTRIES, "title": {"label": "x"}}}),
        FEED_READ,
    ),
    store(
        "app-store-feed-with-the-app",
        "app_store_feed",
        as_json({"feed": {"entry": [APP, *ENTRIES]}}),
        FEED_READ,
        rejected=("no_review",),
    ),
    store(
        "app-store-feed-one-review", "app_store_feed", as_json({"feed": {"entry": ENTRIES[0]}}), FEED_READ[:1]
    ),
    store("app-store-feed-atom", "app_store_feed", ATOM, FEED_READ),
]
