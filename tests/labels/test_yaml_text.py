import pytest

from lap_assets.core.errors import InputError
from lap_assets.labels.yaml_text import parse_yaml


def test_plain_yaml_is_read() -> None:
    assert parse_yaml("names:\n  0: a\n  1: b\ntrain: train.txt\n") == {"names": {0: "a", 1: "b"}, "train": "train.txt"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*{'a' if not n else f'b{n - 1}'}, *a]\n" for n in range(40)),
            "alias",
        ),
        ("a: &a [*a]\n", "alias"),
        ("a: &a {b: 1}\nc:\n  <<: *a\n", "alias"),
        ("[" * 5000, "deep|YAML"),
        ("{a: " * 21 + "1" + "}" * 21, "deep"),
        ("a: 9999-99-99\n", "not YAML"),
        ("a: !!python/object/apply:os.system [x]\n", "not YAML"),
        ("--- 1\n--- 2\n", "not YAML"),
        ("a: \x01\n", "not YAML"),
    ],
)
def test_bombs_and_other_than_plain_yaml_are_refused(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse_yaml(text)
