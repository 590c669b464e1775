"""Every byte that a run leaves anywhere: tables, page, run record, logs, what it says, Prefect's database."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

PLANTED = {
    "email": "gwendolyn.planted@secretmail.example",
    "phone": "07911 482 663",
    "iban": "GB29 NWBK 6016 1331 9268 19",
    "card": "4539 5787 6362 1486",
    "codice fiscale": "RNDGLI85T50F205B",
    "pesel": "85041204789",
    "address": "14 Plantedstone Mews",
    "name": "Gwendolyn Plantedname",
    "column name": "Ludmila Plantedcolumn",
    "column email": "ludmila@plantedcolumn.example",
    "headerless": "first.row@plantedheader.example",
}
SAYS = (
    "The kettle broke and nobody answered, write to {email} please",
    "Ring me before you deliver, {phone}, the buzzer is dead",
    "Refund should go to {iban}, not the closed account",
    "I paid with the card {card} and was charged twice",
    "Il codice fiscale è {codice fiscale}, ve lo detto quattro volte",
    "Mój PESEL to {pesel}, a wy dalej pytacie o datę",
    "Your driver left it at {address} which is not my street",
    "My name is {name} and I am a loyal customer",
)


def exports(folder):
    folder.mkdir()
    with (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as handle:
        table = csv.writer(handle)
        table.writerow(["review id", "date", "review", "customer name", "e-mail", "rating"])
        for number in range(48):
            said = SAYS[number % len(SAYS)].format(**PLANTED) + f", parcel number {number}"
            who = [PLANTED["column name"], PLANTED["column email"]]
            table.writerow([f"r{number}", f"2026-03-{number % 28 + 1:02d}", said, *who, number % 5 + 1])
    lines = [f'"write to {PLANTED["headerless"]} about the late parcel number {n}","{n}"' for n in range(12)]
    (folder / "no_header.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "cut.csv").write_text(
        f'a,b,c\n1,"{PLANTED["email"]} never closed\n' + "x," * 40, encoding="utf-8"
    )
    return folder


def contents(path):
    """Give a file's bytes; of Parquet, which is packed, also its cells and its metadata."""
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        return raw + pd.read_parquet(path).to_csv().encode()
    return raw


@pytest.mark.slow
@pytest.mark.models
def test_nothing_planted_is_in_any_byte_that_a_run_leaves(tmp_path):
    given = exports(tmp_path / "in")
    places = {name: tmp_path / name for name in ("home", "tmp", "out")}
    for place in places.values():
        place.mkdir()
    environment = os.environ | {
        "HOME": str(places["home"]),
        "PREFECT_HOME": str(places["home"] / "prefect"),
        "TMPDIR": str(places["tmp"]),
    }
    environment.pop("PREFECT_API_URL", None)
    command = [str(Path(sys.executable).with_name("voc")), "run", str(given), "--out", str(places["out"])]
    child = subprocess.run(command, env=environment, capture_output=True, timeout=400, check=False)
    assert child.returncode == 0, child.stderr.decode()
    left = {"what it said": child.stdout + child.stderr}
    left |= {
        str(path): contents(path) for place in places.values() for path in place.rglob("*") if path.is_file()
    }
    assert any(name.endswith(".db") for name in left)
    assert any(name.endswith("index.html") for name in left)
    found = {
        (kind, name)
        for name, data in left.items()
        for kind, value in PLANTED.items()
        if value.encode() in data or value.replace(" ", "").encode() in data
    }
    assert found == set()
