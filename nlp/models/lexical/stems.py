"""Light stems: what the forms of a word share. For grouping only; readers see whole words."""

from __future__ import annotations

SHORTEST = 4  # letters that a stem keeps, so that short words stay apart: car, care
SHORTEST_OF_PLURAL = 3  # and before a plural or possessive s: cat, cats

# Inflection only, longest ending first: a stem that goes too far joins words that mean different things.
ENDINGS: dict[str, tuple[str, ...]] = {
    language: tuple(sorted(endings.split(), key=lambda ending: (-len(ending), ending)))
    for language, endings in {
        "en": "'s ies es s ied ed ing y e",
        "it": "amente mente ando endo ate ati ata ato ite iti ita ito uti uta uto iche ichi he hi ie i e o a",
        "pl": "ami ach ego emu owi owie ów om em ą ę y i a e u o ej ych ymi imi ich iem ie ią ię ia ał ali",
        "es": "amente mente ando iendo ados adas ado ada idos idas ido ida es os as s o a e",
        "pt": "amente mente ando endo ados adas ado ada idos idas ido ida ões ão es os as s o a e",
        "de": "ungen ung erem eren ern em en er es e n s",
        "fr": "ement ées ée és é er ez ent es e s x",
    }.items()
}

# Source: the light10 stemmer (Larkey, Ballesteros, Connell 2007, Light Stemming for Arabic).
ARABIC_PREFIXES = ("وال", "فال", "بال", "كال", "ال", "لل", "و")
ARABIC_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")


def light_stem(word: str, language: str) -> str:
    """Give what the forms of a folded word share; the word itself in a language without endings."""
    if language == "ar":
        return _arabic_stem(word)
    for ending in ENDINGS.get(language, ()):
        shortest = SHORTEST_OF_PLURAL if ending in ("s", "'s") else SHORTEST
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


def _arabic_stem(word: str) -> str:
    for prefix in ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            word = word[len(prefix) :]
            break
    for suffix in ARABIC_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
    return word
