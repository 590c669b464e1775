import pytest

from nlp.taxonomy import AUDIENCES, JOURNEY_STAGES, OTHER, TaxonomyError, load_taxonomy

CONTRACT = [
    "shipping",
    "packaging",
    "product_quality",
    "customer_service",
    "returns_refunds",
    "price_value",
    "ordering_checkout",
    "payment_billing",
    "availability",
    "website_app",
    "account_access",
    "information",
    "waiting_time",
    "cleanliness",
    "comfort_facilities",
    "location_access",
    "food_drink",
    "privacy_security",
    "loyalty_program",
    "management",
    "culture",
    "pay_benefits",
    "workload",
    "career_growth",
    "tools_processes",
]

LANGUAGES = ["en", "it", "pl", "ar", "zh", "es", "de", "fr", "pt"]

NEW = """
[sustainability]
journey_stage = "use"
audience = "customer"
name.en = "Sustainability"
[sustainability.phrases]
en = ["Not recycled at all", "Green company, I like it"]
"""


def test_load_taxonomy_ships_the_categories_of_the_contract():
    assert list(load_taxonomy().ids) == CONTRACT


@pytest.mark.parametrize("language", LANGUAGES)
def test_load_taxonomy_names_every_category_in_each_language(language):
    assert all(language in category.names for category in load_taxonomy())


@pytest.mark.parametrize(
    ("language", "least"), [(one, 12 if one in ("en", "it", "pl", "ar", "zh") else 6) for one in LANGUAGES]
)
def test_load_taxonomy_ships_enough_phrases_per_language(language, least):
    assert min(len(category.phrases[language]) for category in load_taxonomy()) >= least


@pytest.mark.parametrize("category_id", CONTRACT)
def test_load_taxonomy_gives_a_known_stage_and_audience(category_id):
    category = load_taxonomy()[category_id]
    assert category.journey_stage in JOURNEY_STAGES
    assert category.audience in AUDIENCES
    assert (category.journey_stage == "workplace") == (category.audience == "employee")


def test_load_taxonomy_adds_a_category_of_the_company():
    taxonomy = load_taxonomy(NEW)
    assert taxonomy.ids == (*CONTRACT, "sustainability")
    assert taxonomy["sustainability"].phrases["en"] == ("Not recycled at all", "Green company, I like it")


def test_load_taxonomy_adds_phrases_and_replaces_names():
    own = {
        "shipping": {
            "name": {"en": "Delivery"},
            "phrases": {"en": ["Locker was full"], "nl": ["Pakket kwijt"]},
        }
    }
    shipped, merged = load_taxonomy()["shipping"], load_taxonomy(own)["shipping"]
    assert merged.name("en") == "Delivery"
    assert merged.name("it") == shipped.name("it")
    assert merged.phrases["en"] == (*shipped.phrases["en"], "Locker was full")
    assert merged.phrases["nl"] == ("Pakket kwijt",)


def test_load_taxonomy_replaces_a_whole_category_when_told():
    own = NEW.replace("sustainability", "food_drink").replace("[food_drink]", "[food_drink]\nreplace = true")
    category = load_taxonomy(own)["food_drink"]
    assert dict(category.names) == {"en": "Sustainability"}
    assert list(category.phrases) == ["en"]


def test_load_taxonomy_removes_a_category_when_told():
    assert "food_drink" not in load_taxonomy({"food_drink": {"remove": True}}).ids


def test_category_name_falls_back_to_english():
    assert load_taxonomy(NEW)["sustainability"].name("pl") == "Sustainability"


def test_taxonomy_keeps_other_last_and_apart():
    taxonomy = load_taxonomy(NEW)
    assert OTHER not in taxonomy.ids
    assert [category.id for category in taxonomy][-1] == OTHER


def test_taxonomy_refuses_an_unknown_id_with_the_known_ones():
    with pytest.raises(KeyError, match="no category 'nope'; known: shipping"):
        load_taxonomy()["nope"]


def test_taxonomy_digest_changes_with_a_phrase_only():
    shipped = load_taxonomy().digest
    assert load_taxonomy({}).digest == shipped
    assert load_taxonomy({"shipping": {"phrases": {"en": ["Locker was full"]}}}).digest != shipped


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        (
            NEW.replace('"use"', '"afterlife"'),
            r"\[sustainability\] journey_stage is 'afterlife'; it is one of discovery",
        ),
        (NEW.replace('"customer"', '"robot"'), r"\[sustainability\] audience is 'robot'"),
        (NEW.replace("name.en", "name.it"), r"has no English name"),
        (NEW.replace("sustainability", "Bad-Id"), r"\[Bad-Id\] is no id"),
        (NEW.replace("Sustainability", "packaging"), r"\[sustainability\] and \[packaging\] share the name"),
        (
            NEW.replace("Not recycled at all", "the box was  crushed and taped back together"),
            r"share the phrase",
        ),
        (NEW.replace("[sustainability.phrases]", "[sustainability.words]"), r"has no 'words'"),
        (NEW.replace('en = ["Not', 'english = ["Not'), r"lists of texts per language"),
        (NEW.replace('name.en = "Sustainability"', "name = 3"), r"name has to give a text per language"),
        (NEW.replace('"use"', "7"), r"journey_stage has to be text"),
        (NEW.replace('audience = "customer"', 'remove = "yes"'), r"remove has to be true or false"),
        (NEW.replace('"Not recycled at all"', '" "'), r"lists of texts per language"),
        (NEW.split("[sustainability.phrases]")[0], r"has no phrases"),
        ({"shipping": 3}, r"\[shipping\] has to be a table, found int"),
        ({"nope": {"remove": True}}, r"\[nope\] cannot be removed: it is not there"),
        ({"other": {"remove": True}}, r"\[other\] cannot be removed: it is needed"),
        ("[shipping", r"not TOML"),
    ],
)
def test_load_taxonomy_refuses_and_says_why(own, problem):
    with pytest.raises(TaxonomyError, match=problem):
        load_taxonomy(own)


def test_load_taxonomy_lists_every_problem_at_once():
    own = NEW.replace('"use"', '"afterlife"').replace("name.en", "name.it")
    with pytest.raises(TaxonomyError) as refused:
        load_taxonomy({**_tables(own), "nope": {"remove": True}})
    assert len(str(refused.value).splitlines()) == 5


def _tables(text):
    import tomllib

    return tomllib.loads(text)
