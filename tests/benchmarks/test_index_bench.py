import pytest

from benchmarks.index import bench_index

pytest.importorskip("faiss")


def test_an_index_finds_more_the_more_lists_it_looks_at_and_all_with_all_of_them() -> None:
    exact, few, every = bench_index(4_000, 32, asked=40, lists=64, probes=(2, 64))
    assert exact.recall == 1.0
    assert 0.2 < few.recall < every.recall
    assert every.recall > 0.98  # rounding to eight bits loses a few
    assert every.gigabytes < exact.gigabytes


def test_too_few_vectors_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 40 per list"):
        bench_index(1_000, 32, lists=64)
