"""Parquet tables of other schemas, or too large for memory: read, or rejected in one line."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import LabelFileError
from lap_assets.core.labels.faults import Faults
from lap_assets.labels.formats import parquet_footer, parquet_rows, read_labels
from tests.fuzz.target import scratch_folder

pa: Any = pytest.importorskip("pyarrow")
pq: Any = pytest.importorskip("pyarrow.parquet")
ONE = [{"bbox": [[1.0, 2.0, 3.0, 4.0]], "category": [0]}]


def table(**columns: Any) -> Any:
    return pa.table({"file_name": ["a.jpg"], "width": [640], "height": [480], "objects": ONE, **columns})


def objects(box: Any, category: Any, number: object = 0) -> Any:
    kind = pa.struct([("bbox", pa.list_(box)), ("category", pa.list_(category))])
    return pa.array([{"bbox": [[1, 2, 3, 4]], "category": [number]}], kind)


READ = {
    "text as large strings": table(file_name=pa.array(["a.jpg"], pa.large_string())),
    "text as a dictionary": table(file_name=pa.array(["a.jpg"]).dictionary_encode()),
    "whole numbers": table(objects=objects(pa.list_(pa.int64()), pa.int64())),
    "lists of four": table(objects=objects(pa.list_(pa.float32(), 4), pa.int8())),
    "halves": table(objects=objects(pa.list_(pa.float16()), pa.int16())),
    "a list of boxes": table(objects=[[{"bbox": [1.0, 2.0, 3.0, 4.0], "category": 0}]]),
}
REFUSED = {
    "text as bytes": (table(file_name=pa.array([b"a.jpg"])), "row 1: file_name: expected text"),
    "no name": (table(file_name=pa.array([None], pa.string())), "row 1: its image has no path"),
    "objects as text": (table(objects=["[]"]), "row 1: objects: expected names with values"),
    "objects as a map": (table(objects=pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))), "row 1: objects"),
    "decimals": (table(objects=objects(pa.list_(pa.decimal128(9, 2)), pa.int64())), "row 1: bbox: expected a number"),
    "classes beyond 64 bits": (table(objects=objects(pa.list_(pa.float64()), pa.uint64(), 2**63)), "row 1: category"),
    "a time as a size": (table(width=pa.array([0], pa.timestamp("s"))), "row 1: width: expected a whole number"),
    "a negative size": (table(width=[-5]), "row 1: width: expected 1 px or more"),
    "lists of other lengths": (table(objects=[{**ONE[0], "category": [0, 1]}]), "row 1: the lists in objects differ"),
    "a NaN": (table(objects=[{"bbox": [[float("nan"), 2.0, 3.0, 4.0]], "category": [0]}]), "row 1: invalid box"),
    "without objects": (table().drop_columns(["objects"]), "it has no column objects"),
    "LAP's mark and none of its columns": (
        table().replace_schema_metadata({"lap": b'{"classes": {}, "thing": "face", "below": ""}'}), "it has no column",
    ),
    "LAP's mark, garbled": (table().replace_schema_metadata({"lap": b"\xff"}), "its metadata: not JSON"),
    "a name of a million letters": (table(file_name=["a" * 1_000_000]), "a name has 1,000,000 characters"),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_other_types_of_the_same_values_are_read(name: str, tmp_path: Path) -> None:
    pq.write_table(READ[name], tmp_path / "labels.parquet")
    (image,) = read_labels(tmp_path / "labels.parquet").images
    assert (image.name, [box.corners for box in image.boxes]) == ("a.jpg", [(1, 2, 4, 6)])


@pytest.mark.parametrize("name", REFUSED)
def test_other_tables_are_named(name: str, tmp_path: Path) -> None:
    content, message = REFUSED[name]
    pq.write_table(content, tmp_path / "labels.parquet")
    with pytest.raises(LabelFileError) as caught:
        read_labels(tmp_path / "labels.parquet")
    (line,) = caught.value.lines
    assert line.startswith(str(tmp_path / "labels.parquet"))
    assert message in line


def test_a_small_file_of_many_rows_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "labels.parquet"
    count = parquet_rows.MOST_ROWS + 1
    names = pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()).take(pa.array([0] * count)), ["a.jpg"])
    pq.write_table(pa.table({"file_name": names, "objects": pa.nulls(count)}), path)
    assert path.stat().st_size < 10_000
    with pytest.raises(LabelFileError, match=r"it claims 1,000,001 rows, more than 1,000,000"):
        read_labels(path)


def test_deeply_nested_metadata_is_ignored(tmp_path: Path) -> None:
    described = '{"a":' * 900 + "1" + "}" * 900
    pq.write_table(table().replace_schema_metadata({"huggingface": described}), tmp_path / "labels.parquet")
    assert read_labels(tmp_path / "labels.parquet").thing == "object"


def test_faults_are_listed_up_to_a_limit() -> None:
    faults = Faults()
    for number in range(50_000):
        faults.add(f"a.txt:{number}", "wrong")
    assert len(faults.lines) == 10_001
    assert faults.lines[-1] == "a.txt:10000: and more faults; the first 10,000 are listed"


def test_the_footer_is_read_as_the_library_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "labels.parquet"
    pq.write_table(pa.concat_tables([table()] * 300), path, row_group_size=7)
    about = pq.ParquetFile(path).metadata
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    largest = max(sum(group.column(place).num_values for group in groups) for place in range(about.num_columns))
    assert parquet_footer.claimed(path) == (300, largest) == (300, 1200)


def test_many_values_in_one_row_are_refused_before_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_rows, "MOST_VALUES", 100_000)
    path = tmp_path / "labels.parquet"
    boxes = pa.FixedSizeListArray.from_arrays(pa.nulls(400_000, pa.int8()), 4)
    objects = pa.StructArray.from_arrays([pa.ListArray.from_arrays([0, 100_000], boxes)], ["bbox"])
    pq.write_table(pa.table({"file_name": ["a.jpg"], "objects": objects}), path)
    assert path.stat().st_size < 10_000
    with pytest.raises(LabelFileError, match=r"a column claims 400,000 values, more than 100,000"):
        read_labels(path)


@given(st.integers(4, 10_000), st.binary(min_size=1, max_size=9))
def test_a_damaged_footer_does_not_crash_the_process(place: int, garbage: bytes) -> None:
    """pyarrow's accessors of a column's metadata would crash the process in C++."""
    out = pa.BufferOutputStream()
    pq.write_table(table(), out)
    content = bytearray(out.getvalue().to_pybytes())
    place = 4 + place % (len(content) - 12)
    content[place : place + len(garbage)] = garbage[: len(content) - 8 - place]
    path = Path(scratch_folder()) / "labels.parquet"
    path.write_bytes(content)
    with suppress(LabelFileError):
        read_labels(path)
