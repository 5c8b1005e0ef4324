"""Resolution compared with a slow reference, and laws for any posters, pairs and verdicts."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.verdicts.active import ActiveVerdicts
from lap_assets.core.verdicts.lines import AnyVerdict, Mark, PairVerdict
from lap_assets.core.verdicts.log import VerdictSet
from lap_assets.duplicates.pair_groups import MOST_PAIRS
from lap_assets.duplicates.resolution import Resolution, resolve
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.tables import PAIRS, POSTER_FACTS, POSTERS
from lap_assets.duplicates.verdict_table import VERDICTS, verdicts_table
from tests.profiles import examples

RULES = DEFAULT_RULES
BITS = (0, 1, 2, 3, 8, 14, 16, 17, None)


@dataclass(frozen=True)
class World:
    posters: tuple[dict[str, Any], ...]
    pairs: tuple[dict[str, Any], ...]
    verdicts: tuple[dict[str, Any], ...]

    def resolve(self, most_pairs: int = MOST_PAIRS) -> Resolution:
        return resolve(
            pl.DataFrame(self.posters, [*POSTERS.items(), *POSTER_FACTS.items()]),
            pl.DataFrame(self.pairs, PAIRS),
            pl.DataFrame(self.verdicts, VERDICTS),
            RULES,
            most_pairs=most_pairs,
        )


def sha(number: int) -> str:
    return f"{number:064x}"


@st.composite
def worlds(draw: st.DrawFn) -> World:
    posters = []
    # Half of the examples are three near posters of one anime with decisions: chains and circles are frequent.
    crowded = draw(st.booleans())
    for number in range(3 if crowded else draw(st.integers(1, 7))):
        mal_id = 1 if crowded else draw(st.sampled_from([1, 2, 1000]))
        row: dict[str, Any] = dict.fromkeys([*POSTERS, *POSTER_FACTS])
        row |= {"name": f"MAL{mal_id:05d}_0001_{number:06d}.jpg", "mal_id": mal_id, "source": "mal"}
        row |= {
            "sha256": sha(number if crowded else draw(st.integers(0, 9))),
            "width": draw(st.integers(1, 3)),
            "height": 1,
        }
        row |= {"bytes": draw(st.integers(1, 2)), "ahash": 0, "phash": 0, "dhash": 0}
        row["structure"] = draw(st.sampled_from([None, 0.0, 17.9, 18.0, 40.0]))
        row["problem"] = draw(st.sampled_from([None] * 9 + ["broken"]))
        posters.append(row)
    names = sorted(row["name"] for row in posters)
    bits = st.sampled_from(BITS[:3] if crowded else BITS)
    pairs = [
        {"first": first, "second": second, "ahash": draw(bits), "phash": draw(bits), "dhash": draw(bits)}
        | {"cosine": draw(st.sampled_from([0.0, 0.2, 0.32, 0.4, None]))}
        for first, second in combinations(names, 2)
        if crowded or draw(st.integers(0, 9)) < 6
    ]
    count = draw(st.integers(0, 6))
    lines = [draw(verdict_lines(posters, number, crowded=crowded)) for number in range(count)]
    active = verdicts_table(VerdictSet(tuple(lines), ActiveVerdicts(lines).all(), ()))
    return World(tuple(posters), tuple(pairs), tuple(active.to_dicts()))


@st.composite
def verdict_lines(draw: st.DrawFn, posters: list[dict[str, Any]], number: int, *, crowded: bool) -> AnyVerdict:
    time = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    line: dict[str, Any] = {"id": str(number), "time": time.isoformat()}
    line["reviewer"] = draw(st.sampled_from(["ann", "ann", "ann", "bo"] if crowded else ["ann", "bo"]))
    first, second = draw(st.sampled_from(posters)), draw(st.sampled_from(posters))
    sha256 = first["sha256"]
    if not crowded:
        sha256 = draw(st.sampled_from([sha256] * 4 + [sha(3), sha(99)]))
    if first["name"] == second["name"] or draw(st.integers(0, 9)) == 0:
        return Mark(name=first["name"], sha256=sha256, tool="explorer", **line)
    others = [] if crowded else ["distinct", "distinct", "both_removed", "skip", "unsure"]
    verdict: Any = draw(st.sampled_from(["duplicate"] * 5 + others))
    removed = draw(st.sampled_from([first["name"], second["name"]])) if verdict == "duplicate" else None
    ends = {"first": first["name"], "first_sha256": sha256, "second": second["name"], "second_sha256": second["sha256"]}
    return PairVerdict(verdict=verdict, removed=removed, **ends, **line)


class Retelling:
    """The documented rules, step by step over plain lists, regardless of speed."""

    def __init__(self, world: World) -> None:
        self.readable = {row["name"]: row for row in world.posters if row["problem"] is None}
        self.pairs = [row for row in world.pairs if row["first"] in self.readable and row["second"] in self.readable]
        self.states: dict[tuple[str, str], str] = {}
        self.instead: set[tuple[str, str]] = set()
        self.gone: set[str] = set()
        for row in sorted(world.verdicts, key=lambda row: (row["time"], row["id"])):
            self.hear(row)
        self.partner: dict[str, str | None] = {}
        self.people_remove()
        self.personal = set(self.partner)
        self.rule: dict[str, str] = {}
        self.rules_remove()

    def size(self, name: str) -> tuple[int, int, str]:
        row = self.readable[name]
        return (-row["width"] * row["height"], -row["bytes"], name)

    def holders(self, name: str, sha256: str) -> list[str]:
        anime = name.split("_", maxsplit=1)[0]
        return [n for n, row in self.readable.items() if n.startswith(anime + "_") and row["sha256"] == sha256]

    def hear(self, row: dict[str, Any]) -> None:
        firsts = self.holders(row["first"], row["first_sha256"])
        if row["kind"] == "mark":
            self.gone.update(firsts)
            return
        both = list(product(firsts, self.holders(row["second"], row["second_sha256"])))
        if row["first_sha256"] == row["second_sha256"]:
            both = [pair for pair in both if pair == (row["first"], row["second"])]
        state = "conflict" if row["conflict"] else row["verdict"]
        weight = {"skip": 0, "unsure": 1, "conflict": 3}
        for first, second in both:
            pair = (min(first, second), max(first, second))
            if weight.get(state, 2) >= weight.get(self.states.get(pair, "skip"), 2):
                self.states[pair] = state
            if state == "both_removed":
                self.gone.update((first, second))
            if state == "duplicate":
                self.instead.add((first, second) if row["removed"] == row["first"] else (second, first))

    def lead_back(self, ends: set[str]) -> None:
        level = dict.fromkeys(ends, 0)
        for depth in range(1, len(self.readable) + 1):
            for name in {name for name, _ in self.instead} - level.keys() - self.partner.keys():
                ahead = [p for n, p in self.instead if n == name and level.get(p) == depth - 1]
                if ahead:
                    level[name] = depth
                    self.partner[name] = min(ahead, key=self.size)
        # Nothing to do: posters whose chain has no end stay without a partner.

    def people_remove(self) -> None:
        removed = {name for name, _ in self.instead} | self.gone
        self.lead_back(set(self.readable) - removed)
        self.lead_back(self.gone - self.partner.keys())
        left = {name for name, _ in self.instead} - self.partner.keys() - self.gone
        reach = {name: self.ahead_of(name) for name in left}
        circles = {frozenset(reach[name]) for name in left if all(reach[other] == reach[name] for other in reach[name])}
        self.lead_back({min(circle, key=self.size) for circle in circles})
        for name in self.gone - self.partner.keys():
            self.partner[name] = None

    def ahead_of(self, name: str) -> set[str]:
        seen: set[str] = set()
        while True:
            more = {p for n, p in self.instead if n == name or n in seen} - seen
            if not more:
                return seen
            seen |= more

    def survivor(self, name: str | None) -> str | None:
        while name is not None and name in self.partner:
            name = self.partner[name]
        return name

    def rules_remove(self) -> None:
        """Remove from the largest poster down: in favor of a kept poster, else of one that a person removed."""
        acts: list[tuple[int, int, int, str, str, str]] = []
        for number, rule in enumerate(RULES.rules):
            for index, one in enumerate(rule.ranges if rule.action == "remove" else ()):
                near = [row for row in self.covered(rule, one) if self.agrees(rule, row)]
                acts += [(number, index, row[one.measure], row["first"], row["second"], rule.name) for row in near]
        self.acts = [act for act in sorted(acts) if self.states.get(act[3:5], "skip") in ("skip", "unsure")]
        for name in sorted(self.readable.keys() - self.personal, key=self.size):
            larger = [(ends, act[5]) for act in self.acts for ends in (act[3:5],) if max(ends, key=self.size) == name]
            partners = [(one, by) for ends, by in larger for one in ends if one != name]
            stay = [step for step in partners if step[0] not in self.partner]
            people = [step for step in partners if step[0] in self.personal and self.leads_on(step[0], name)]
            for partner, by in [*stay, *people][:1]:
                self.partner[name], self.rule[name] = partner, by

    def leads_on(self, partner: str, name: str) -> bool:
        """Return whether the chain of a person's removal ends at another poster that cannot be removed for this one."""
        end = self.survivor(partner)
        return end != name and not any({end, name} == set(act[3:5]) and max(end, name, key=self.size) == end
                                       for act in self.acts if end is not None)  # fmt: skip

    def agrees(self, rule: Any, row: dict[str, Any]) -> bool:
        if self.readable[row["first"]]["sha256"] == self.readable[row["second"]]["sha256"]:
            return True
        held = [self.readable[row[end]]["structure"] for end in ("first", "second")]
        if any(one is not None and one < RULES.structure for one in held):
            return False
        return all(row[one.measure] is not None and one.low <= row[one.measure] <= one.high for one in rule.agree)

    def covered(self, rule: Any, one: Any) -> list[dict[str, Any]]:
        return [
            row
            for row in self.pairs
            if rule.applies(same=self.readable[row["first"]]["mal_id"] == self.readable[row["second"]]["mal_id"])
            and row[one.measure] is not None
            and one.low <= row[one.measure] <= one.high
        ]

    def asked(self) -> set[tuple[str, str]]:
        """Return the undecided pairs of kept posters that a rule for people covers."""
        pairs = set()
        for rule in (rule for rule in RULES.rules if rule.action != "marks"):
            pairs |= {
                (row["first"], row["second"])
                for one in rule.ranges
                for row in self.covered(rule, one)
                if rule.action == "person" or not self.agrees(rule, row)
            }
        pairs |= {pair for pair, state in self.states.items() if state == "conflict"}
        decided = {pair for pair, state in self.states.items() if state in ("duplicate", "distinct", "both_removed")}
        return {pair for pair in pairs - decided if not self.partner.keys() & set(pair)}


def decisions_of(resolution: Resolution) -> dict[str, tuple[Any, ...]]:
    rows = resolution.decisions.select("name", "decision", "by", "partner", "survivor").iter_rows()
    return {row[0]: row[1:] for row in rows}


@examples(150)
@given(worlds())
def test_resolution_equals_the_slow_reference(world: World) -> None:
    resolution, expected = world.resolve(), Retelling(world)
    for name, (decision, by, partner, survivor) in decisions_of(resolution).items():
        assert (decision == "aside") == (name not in expected.readable)
        assert (decision == "remove") == (name in expected.partner)
        assert partner == expected.partner.get(name)
        assert survivor == (expected.survivor(name) if name in expected.partner else None)
        assert by == (None if decision != "remove" else "person" if name in expected.personal else "rule")
    pending = resolution.pending.filter(pl.col("via").is_null()).select("first", "second").rows()
    assert set(pending) == expected.asked()
    assert resolution.pending.select("first", "second").n_unique() == resolution.pending.height


@examples(40)
@given(worlds(), st.randoms())
def test_the_order_of_rows_makes_no_difference(world: World, random: Any) -> None:
    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(rows, len(rows)))

    other = World(shuffled(world.posters), shuffled(world.pairs), shuffled(world.verdicts)).resolve()
    assert other.decisions.equals(world.resolve().decisions)
    assert other.pending.equals(world.resolve().pending)
    assert other.conflicts == world.resolve().conflicts


@examples(80)
@given(worlds())
def test_survivors_are_kept_and_not_smaller(world: World) -> None:
    decisions = {row["name"]: row for row in world.resolve().decisions.iter_rows(named=True)}
    sizes = Retelling(world)
    for name, row in decisions.items():
        chain = [row]
        while chain[-1]["partner"] is not None:
            chain.append(decisions[chain[-1]["partner"]])
        by_person = any(step["by"] == "person" for step in chain)
        if row["decision"] == "remove" and row["survivor"] is None:
            assert by_person
        if row["survivor"] is not None:
            assert decisions[row["survivor"]]["decision"] == "keep"
            assert chain[-1]["name"] == row["survivor"]
            assert by_person or sizes.size(row["survivor"]) < sizes.size(name)
            assert by_person or row["partner"] == row["survivor"]


@examples(40)
@given(worlds(), st.data())
def test_distinct_shields_its_pair(world: World, data: st.DataObject) -> None:
    if not world.pairs:
        return
    pair = data.draw(st.sampled_from(world.pairs))
    content = {row["name"]: row["sha256"] for row in world.posters}
    row: dict[str, Any] = dict.fromkeys(VERDICTS)
    row |= {"id": "d", "time": "2027-01-01T00:00:00+00:00", "reviewer": "ann", "kind": "pair", "conflict": False}
    row |= {"verdict": "distinct", "first": pair["first"], "second": pair["second"]}
    row |= {"first_sha256": content[pair["first"]], "second_sha256": content[pair["second"]]}
    after = replace(world, verdicts=(row,)).resolve()
    names = {pair["first"], pair["second"]}
    assert not [name for name, (_, _, partner, _) in decisions_of(after).items() if {name, partner} == names]
    assert (pair["first"], pair["second"]) not in after.pending.select("first", "second").rows()


@examples(40)
@given(worlds(), worlds())
def test_posters_that_nothing_links_do_not_influence_each_other(world: World, other: World) -> None:
    moved = rename(other)
    together = World(world.posters + moved.posters, world.pairs + moved.pairs, world.verdicts + moved.verdicts)
    decisions = decisions_of(together.resolve())
    assert decisions == decisions_of(world.resolve()) | decisions_of(moved.resolve())


def rename(world: World) -> World:
    """Return the same example with other anime."""

    def move(row: dict[str, Any]) -> dict[str, Any]:
        moved: dict[str, Any] = {
            key: f"MAL2{value[4:]}" if str(value).startswith("MAL0") else value for key, value in row.items()
        }
        if moved.get("mal_id") is not None:
            moved["mal_id"] += 20000
        return moved

    return World(*(tuple(move(row) for row in rows) for rows in (world.posters, world.pairs, world.verdicts)))


@given(world=worlds(), most_pairs=st.integers(1, 4))
@examples(100)
def test_the_number_of_groups_processed_at_a_time_changes_nothing(world: World, most_pairs: int) -> None:
    whole, cut = world.resolve(), world.resolve(most_pairs)
    assert cut.decisions.equals(whole.decisions)
    assert cut.pending.equals(whole.pending)
    assert cut.conflicts == whole.conflicts
    assert cut.not_applying.equals(whole.not_applying)
