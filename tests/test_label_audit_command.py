"""`lap labels audit`: from suggestions over a person's review to images of the tier `audited` in a release."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from lap_assets.commands.label_audit import (
    AuditOptions,
    accept_audit,
    open_audit,
    waiting_images,
    withdraw_audit,
)
from lap_assets.commands.label_queue import images_of, labels_status, orders_of
from lap_assets.core.errors import InputError, TableError
from lap_assets.core.home import Home
from lap_assets.labels.formats import read_labels
from lap_assets.labels.label_audit import LabelAudit
from lap_assets.labels.refined import refined_table
from lap_assets.release.content import Inputs
from lap_assets.release.label_audits import WORDS, label_audits
from lap_assets.release.verify import problems_of
from lap_assets.training.label_outlook import Pace
from lap_gui.labeler.opening import open_session, opening
from tests.release.making import SIZE, inputs, release
from tests.support import Lap

NAMES = [f"MAL{number:05}_0001_{number:06}.jpg" for number in range(1, 41)]
DOUBTFUL, BARE = NAMES[30:35], NAMES[35:]
"""Images with one box of which the model is not sure, and images on which it found nothing."""


@pytest.fixture
def given(home: Home) -> Inputs:
    return inputs(home, NAMES)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of forty images; a model is sure of thirty, including their classes."""
    home = Home(tmp_path / "lap_home")
    table = home.tables / "resized_images" / "0.parquet"
    table.parent.mkdir(parents=True)
    inputs(home, NAMES).images.write_parquet(table)
    home.labels.mkdir()
    lines, classes = [], ["name\txmin\tymin\txmax\tymax\tclass\tprobability"]
    for name in NAMES:
        boxes = f"5 5 30 40 0.97{', 32 6 50 40 0.4' if name in DOUBTFUL else ''}"
        lines.append(f"0/{name}: {'-' if name in BARE else boxes}\n")
        classes.append(f"0/{name}\t5\t5\t30\t40\t2\t0.9")
    (home.labels / "labels_faces_suggested.txt").write_text("".join(lines))
    (home.labels / "labels_faces_suggested.classes.tsv").write_text("\n".join(classes))
    (home.labels / "labels_faces_suggested.model").write_text("trained 7\n")
    (home.labels / "classes.txt").write_text("1:boy\n2:girl\n")
    return home


def reviewed(home: Home, names: Iterable[str], *, wrong: int = 0) -> None:
    """Review the images in the Labeler; the first few get a new box elsewhere."""
    labels = home.labels / "labels_faces.txt"
    chosen = opening(home.images, labels, home.labels / "delcands.txt")
    session = open_session(replace(chosen, order=list(names))).session
    for number, _ in enumerate(list(session.names)):
        session.go(number)
        session.size = SIZE  # as the window does with the picture
        session.accept(session.suggested())
        session.review(True)
    session.close()
    text = labels.read_text()
    for name in list(names)[:wrong]:
        subfolder, _, file = name.partition("/")
        start = text.index(file)
        text = text[:start] + text[start:].replace("5 5 30 40", "30 50 50 70", 1)
        assert subfolder == "0"
    labels.write_text(text)


def under_way(home: Home, sample: int = 8) -> LabelAudit:
    return open_audit(home, "faces", AuditOptions(sample=sample))


def accepted(home: Home, most_wrong: float = 0.5) -> LabelAudit:
    audit = under_way(home)
    reviewed(home, audit.sample)
    return accept_audit(home, "faces", most_wrong)


def released_inputs(home: Home, given: Inputs) -> Inputs:
    images = given.images
    refined = {**given.refined, "faces": refined_table("refined_face_boxes", "0", images, home).table}
    provenance = {**given.provenance, "audits of labels": label_audits(home.labels, refined)}
    return replace(given, refined=refined, provenance=provenance)


def test_a_sample_of_what_the_model_is_sure_of_waits_for_a_person(home: Home) -> None:
    audit = under_way(home)
    assert (audit.population, len(audit.sample), audit.model) == (30, 8, "trained 7")
    assert {image.name for image in audit.images} == {f"0/{name}" for name in NAMES[:30]}
    assert under_way(home).id == audit.id
    assert waiting_images(home, "faces") == list(audit.sample)
    with pytest.raises(InputError, match="8 images of the sample await review; `lap label --audit faces`"):
        accept_audit(home, "faces", 0.9)
    with pytest.raises(InputError, match="--sample 9: the current audit has 8; --new"):
        under_way(home, 9)
    reviewed(home, audit.sample[:5])
    assert waiting_images(home, "faces") == list(audit.sample[5:])
    with pytest.raises(InputError, match="no audit of heads yet"):
        waiting_images(home, "heads")
    with pytest.raises(InputError, match="no suggestions of heads yet"):
        open_audit(home, "heads", AuditOptions())


def test_images_that_people_touched_or_marked_are_not_drawn_and_sureness_can_be_set(home: Home) -> None:
    (home.labels / "labels_faces.txt").write_text(f"0/{NAMES[0]}: 1 1 9 9\n0/{NAMES[1]}: -\n0/{NAMES[2]}: x\n")
    (home.labels / "labels_faces.reviewed.tsv").write_text(f"0/{NAMES[3]}\tno\t60\t80\n")
    (home.labels / "delcands.names.txt").write_text(f"0/{NAMES[4]}\n")
    audit = under_way(home)
    assert {image.name for image in audit.images} == {f"0/{name}" for name in (NAMES[1], *NAMES[5:30])}
    less = open_audit(home, "faces", AuditOptions(least_score=0.4, is_new=True))
    assert (less.population, less.earlier) == (31, 1)
    with pytest.raises(InputError, match=r"no unreviewed image has sure faces .* every class at least 0.95"):
        open_audit(home, "faces", AuditOptions(least_class=0.95, is_new=True))


def test_accepted_images_are_released_as_audited_and_never_as_reviewed(home: Home, given: Inputs) -> None:
    audit = under_way(home)
    reviewed(home, audit.sample, wrong=1)
    judged = under_way(home)
    assert (judged.result.wrong, judged.result.left) == (1, 22)
    assert judged.result.wrong_at_most == 13  # Clopper and Pearson: 1 of 8 is at most 47.07 % of 30, less that one
    before = release(home, released_inputs(home, given))
    audit = accept_audit(home, "faces", 0.6)
    made = release(home, released_inputs(home, given))
    assert problems_of(made.path) == []
    assert "audited" not in (before.path / "CHANGES.md").read_text()
    assert "| faces audited | 0 | 22 | +22 |" in (made.path / "CHANGES.md").read_text()
    manifest = pl.read_csv(made.path / "manifest.csv")
    tiers = dict(manifest.group_by("faces_tier").len().rows())
    assert tiers == {"audited": 22, "refined": 8, "machine": 10}
    of_audit = manifest.filter(pl.col("faces_tier") == "audited")
    assert set(of_audit["faces_model"]) == {"trained 7"}
    assert not of_audit["faces_reviewed"].any()
    assert not of_audit["faces_classed"].any()
    sampled = {name.rpartition("/")[2] for name in audit.sample}
    assert sampled.isdisjoint(of_audit["name"])
    best = read_labels(made.path / "coco" / "faces.json")
    (box,) = next(image for image in best.images if image.tier == "audited").boxes
    assert (box.corners, box.class_id, box.score) == ((5, 5, 30, 40), 2, None)
    for subset in ("reviewed", "classed"):
        judging = read_labels(made.path / "coco" / f"faces_{subset}.json")
        assert {image.name.rpartition("/")[2] for image in judging.images} == sampled
    people = (made.path / "labels_faces.txt").read_text()
    assert not any(name in people for name in of_audit["name"])
    assert (made.path / "labels_faces.reviewed.tsv").read_text().count("yes") == 8
    sentence = "of 30 images of which trained 7 is sure (every score from 0.9), 1 of a random sample of 8 were wrong"
    card = (made.path / "README.md").read_text()
    assert f"{sentence}: at most 13 of the 22 others are (95% confidence)\n" in card
    assert "| audited | False | 22 | 22 |" in card
    (kept,) = json.loads((made.path / "provenance.json").read_text())["audits of labels"]["faces"]
    assert (kept["audit"], kept["sample"], kept["wrong in the sample"], kept["others"]) == (audit.id, 8, 1, 22)
    assert (kept["wrong of the others at most"], kept["confidence"]) == (13, 0.95)
    assert sentence in kept[WORDS]


def test_without_acceptance_a_release_mentions_no_audit(home: Home, given: Inputs) -> None:
    audit = under_way(home)
    reviewed(home, audit.sample)
    made = release(home, released_inputs(home, given))
    assert "audited" not in (made.path / "README.md").read_text()
    assert set(pl.read_csv(made.path / "manifest.csv")["faces_tier"]) == {"refined", "machine"}


def test_more_wrong_images_than_wished_are_not_accepted(home: Home) -> None:
    reviewed(home, under_way(home).sample, wrong=2)
    with pytest.raises(InputError, match=r"% of the others may be wrong, more than the 60\.0% of --most-wrong"):
        accept_audit(home, "faces", 0.6)
    with pytest.raises(InputError, match="more than the nan% of"):
        accept_audit(home, "faces", float("nan"))
    assert labels_status(home, Pace())["faces"].audited == 0


def test_a_persons_work_or_a_changed_picture_ends_an_acceptance(home: Home, given: Inputs) -> None:
    audit = accepted(home)
    one, other = (image.name for image in audit.others[:2])
    reviewed(home, [one])
    images = given.images.with_columns(
        sha256=pl.when(pl.col("name") == other[2:]).then(pl.lit("f" * 64)).otherwise("sha256")
    )
    rows = refined_table("refined_face_boxes", "0", images, home).table.rows_by_key("name", named=True)
    assert rows[one[2:]][0]["reviewed"]
    assert rows[one[2:]][0]["audit"] is None
    assert other[2:] not in rows or rows[other[2:]][0]["audit"] is None
    assert sum(row["audit"] == audit.id for (row,) in rows.values()) == 20


def test_accepted_images_leave_the_queue_are_counted_and_come_back(home: Home, given: Inputs) -> None:
    audit = accepted(home)
    labels = home.labels / "labels_faces.txt"
    left = orders_of(home.images, labels, home).names(of_suspects=False)
    assert sorted(left) == [f"0/{name}" for name in (*DOUBTFUL, *BARE)]
    status = labels_status(home, Pace())["faces"]
    assert (status.manual, status.refined, status.audited, status.left) == (0, 8, 22, 10)
    with pytest.raises(InputError, match="no unreviewed image has sure faces"):
        open_audit(home, "faces", AuditOptions(is_new=True))
    taken_in = released_inputs(home, given).refined
    assert withdraw_audit(home, "faces").id == audit.id
    assert len(orders_of(home.images, labels, home).queue) == 32
    assert sum(image.is_audited for image in images_of(home.images, labels, home)) == 0
    with pytest.raises(TableError, match=r"faces\.audits\.json: boxes were accepted by the audit .*run `lap refresh`"):
        label_audits(home.labels, taken_in)
    with pytest.raises(InputError, match="no audit of faces is accepted: nothing to withdraw"):
        withdraw_audit(home, "faces")


def test_the_command_shows_the_state_and_the_next_step(lap: Lap, home: Home) -> None:
    begun = lap("labels", "audit", "faces", "--sample", "8", LAP_HOME=home.root)
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.splitlines() == [
        "0 of a random sample of 8 from 30 images of which trained 7 is sure (every score from 0.9) are reviewed",
        "8 await review; `lap label --audit faces` shows them",
    ]
    reviewed(home, under_way(home).sample)
    refused = lap("labels", "audit", "faces", "--accept", LAP_HOME=home.root)
    assert refused.returncode == 2
    assert "40.9% of the others may be wrong, more than the 5.0% of --most-wrong" in refused.stderr
    result = lap("labels", "audit", "faces", "--accept", "--most-wrong", "0.5", "--json", LAP_HOME=home.root)
    read = json.loads(result.stdout)
    assert {name: read[name] for name in ("kind", "sample", "wrong", "left", "wrong_at_most")} == {
        "kind": "faces", "sample": 8, "wrong": 0, "left": 22, "wrong_at_most": 9,
    }  # fmt: skip
    status = lap("labels", "status", LAP_HOME=home.root).stdout
    assert "faces: 8 of 40 images reviewed, 10 left\n  0 manual, 8 refined, 22 audited\n" in status
    assert "at most 9 of the 22 others are (95% confidence)" in status
    none_waits = lap("label", "--audit", "faces", LAP_HOME=home.root)
    assert none_waits.returncode == 2
    assert "every image of the sample is reviewed; `lap labels audit faces` shows the result" in none_waits.stderr
