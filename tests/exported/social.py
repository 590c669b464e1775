"""X (Twitter), Reddit, Brandwatch."""

from exported.sample import Sample, as_csv, as_json, as_lines, as_xlsx

LONG = "The parcel of @norn never came and nobody answers the phone, three weeks now. https://t.example/x"
V2 = [
    {"id": "1", "text": LONG, "edit_history_tweet_ids": ["1"], "created_at": "2026-03-01T10:00:00.000Z", "lang": "en",
     "author_id": "u1", "public_metrics": {"retweet_count": 2, "like_count": 5}},
    {"id": "2", "text": f"RT @bo: {LONG[:60]}…", "edit_history_tweet_ids": ["2"], "author_id": "u2",
     "created_at": "2026-03-01T11:00:00.000Z", "referenced_tweets": [{"type": "retweeted", "id": "1"}]},
    {"id": "3", "text": "The lid…", "note_tweet": {"text": "The lid of this kettle lets water out, what a pity."},
     "edit_history_tweet_ids": ["3"], "author_id": "u1", "created_at": "2026-03-02T10:00:00.000Z"},
]  # fmt: skip
USERS = [{"id": "u1", "username": "bo", "name": "Bo"}, {"id": "u2", "username": "ada", "name": "Ada"}]
V2_READ = (
    {"own_id": "1", "text": LONG, "author": "bo", "declared_language": "en", "created_at": "2026-03-01T10:00:00",
     "copy_of": "1", "rating": None},
    {"own_id": "2", "text": LONG, "author": "ada", "copy_of": "1"},
    {"own_id": "3", "text": "The lid of this kettle lets water out, what a pity.", "copy_of": "3"},
)  # fmt: skip
V2_ALONE = tuple({name: one[name] for name in ("own_id", "text", "copy_of")} for one in V2_READ)
V1 = [
    {"id_str": "9", "id": 9, "full_text": "Nice kettle", "created_at": "Wed Oct 10 20:19:24 +0000 2018", "lang": "en",
     "user": {"screen_name": "ada", "description": "I write of kettles"}, "retweet_count": 1},
    {"id_str": "10", "id": 10, "full_text": "RT @ada: Nice kett…", "created_at": "Wed Oct 10 21:19:24 +0000 2018",
     "user": {"screen_name": "bo"}, "retweeted_status": {"id_str": "9", "full_text": "Nice kettle"}},
]  # fmt: skip
V1_READ = (
    {
        "own_id": "9",
        "text": "Nice kettle",
        "author": "ada",
        "created_at": "2018-10-10T20:19:24",
        "copy_of": "9",
    },
    {"own_id": "10", "text": "Nice kettle", "author": "bo", "copy_of": "9"},
)
POST = {"id": "p1", "name": "t3_p1", "title": "Norn kettle broke", "selftext": "After two days.", "author": "bo",
        "created_utc": 1700000000.0, "subreddit": "kettles", "score": 3, "edited": False}  # fmt: skip


def answer(identity, body, author, replies=""):
    return {"kind": "t1", "data": {"id": identity, "name": f"t1_{identity}", "body": body, "author": author,
            "created_utc": 1700000100.0, "subreddit": "kettles", "replies": replies, "score": 1}}  # fmt: skip


def listing(*things):
    return {"kind": "Listing", "data": {"after": None, "children": list(things)}}


CROSSPOST = {**POST, "id": "p2", "name": "t3_p2", "crosspost_parent": "t3_p1", "edited": 1700000500.0}
THREAD = [
    listing({"kind": "t3", "data": POST}),
    listing(
        answer("c1", "Mine too, it leaks.", "ada",
               listing(answer("c2", "[deleted]", "[deleted]"), answer("c3", "Same here!", "cy"))),
        answer("c4", "I am a bot, and this was done automatically.", "AutoModerator"),
        {"kind": "more", "data": {"count": 3, "children": ["c5"]}},
    ),
]  # fmt: skip
FIRST = {"own_id": "t3_p1", "text": "Norn kettle broke. After two days.", "author": "bo", "copy_of": "t3_p1",
         "created_at": "2023-11-14T22:13:20", "rating": None}  # fmt: skip
DUMP = [
    {
        "id": "z1",
        "body": "The lid is loose.",
        "author": "bo",
        "created_utc": 1700000000,
        "subreddit": "kettles",
    },
    {
        "id": "z2",
        "body": "Mine is fine.",
        "author": "ada",
        "created_utc": "1700000100",
        "subreddit": "kettles",
    },
]
MENTIONS = [
    ["Query Id", "Query Name", "Date", "Title", "Snippet", "Full Text", "Url", "Domain", "Sentiment", "Page Type",
     "Thread Entry Type", "Language", "Country", "Author", "X Repost of"],
    ["1", "norn", "2026-01-03 10:00:00.0", "", "never came", "The parcel never came, and nobody answers.",
     "https://x.example/1", "x.com", "negative", "x", "post", "en", "Italy", "bo", ""],
    ["1", "norn", "2026-01-04 10:00:00.0", "", "RT @bo: The parcel never came", "", "https://x.example/2", "x.com",
     "negative", "x", "share", "en", "Italy", "ada", "https://x.example/1"],
]  # fmt: skip
MENTIONS_READ = (
    {"own_id": "https://x.example/1", "text": "The parcel never came, and nobody answers.", "channel": "x.com",
     "region": "Italy", "author": "bo", "copy_of": "https://x.example/1", "created_at": "2026-01-03T10:00:00"},
    {"own_id": "https://x.example/2", "text": "RT @bo: The parcel never came", "copy_of": "https://x.example/1"},
)  # fmt: skip
ABOUT = [["Report:", "Norn, weekly"], ["Brand:", "Norn"], ["From:", "2026-01-01"], ["To:", "2026-01-31"], []]

SAMPLES = (
    Sample("x v2", "x", as_json({"data": V2, "includes": {"users": USERS}, "meta": {"result_count": 3}}), V2_READ,
           "social", text="utf-8"),
    Sample("x v2 lines", "x", as_lines(V2), V2_ALONE, "social"),
    Sample("x v2 pages", "x", as_lines([{"data": V2[:2], "includes": {"users": USERS}}, {"data": V2[2:]}]), V2_READ,
           "social"),
    Sample("x v1", "x", as_json(V1), V1_READ, "social"),
    Sample("x v1 lines", "x", as_lines(V1), V1_READ, "social", text="utf-8"),
    Sample("reddit listing", "reddit", as_json(listing({"kind": "t3", "data": POST}, {"kind": "t3", "data": CROSSPOST})),
           (FIRST, {"own_id": "t3_p2", "text": FIRST["text"], "copy_of": "t3_p1", "updated_at": "2023-11-14T22:21:40"}), "social"),
    Sample("reddit thread", "reddit", as_json(THREAD),
           (FIRST, {"own_id": "t1_c1", "text": "Mine too, it leaks."}, {"own_id": "t1_c3", "text": "Same here!"}),
           "social", ("automatic", "deleted", "not_loaded")),
    Sample("reddit lines", "reddit", as_lines(DUMP),
           ({"own_id": "t1_z1", "text": "The lid is loose."}, {"own_id": "t1_z2", "text": "Mine is fine."}), "social"),
    Sample("brandwatch csv", "brandwatch", as_csv([*ABOUT, *MENTIONS]), MENTIONS_READ, "social", text="utf-8"),
    Sample("brandwatch csv without head", "brandwatch", as_csv(MENTIONS), MENTIONS_READ, "social"),
    Sample("brandwatch xlsx", "brandwatch", as_xlsx(MENTIONS, before=ABOUT), MENTIONS_READ, "social"),
)  # fmt: skip
