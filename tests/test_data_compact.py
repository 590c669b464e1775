"""A map of numbers: what a dict does, in a tenth of the memory."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from data.compact import ABSENT, CompactMap, key_of

KEYS = st.integers(1, 2**64 - 1) | st.integers(1, 8).map(lambda n: n << 32)  # many that belong to one slot


@given(st.lists(st.tuples(KEYS, st.integers(0, 2**62), st.booleans())), st.lists(KEYS))
def test_compact_map_does_what_a_dict_does(kept, asked):
    known, plain = CompactMap(), {}
    for key, value, is_new in kept:
        if is_new:
            known.set_new(key, value)
            plain.setdefault(key, value)
        else:
            known.set(key, value)
            plain[key] = value
    wanted = [*plain, *asked]
    assert known.get_all(wanted).tolist() == [plain.get(key, ABSENT) for key in wanted]
    assert [key in known for key in wanted] == [key in plain for key in wanted]
    assert len(known) == len(plain)


def test_compact_map_keeps_what_it_held_when_it_grows():
    known = CompactMap()
    for number in range(5000):
        known.set(key_of("text", number), number)
    assert known.get_all(key_of("text", n) for n in range(5000)).tolist() == list(range(5000))


def test_compact_map_takes_less_than_60_bytes_a_key():
    tracemalloc.start()
    known = CompactMap()
    for number in range(20_000):
        known.set(key_of(str(number)), number)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 60 * 20_000


def test_key_of_tells_parts_apart_and_takes_any_text():
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("\ud800", 1), key_of("\ud800", 2)}) == 4
    assert 0 < key_of("") < 2**64
