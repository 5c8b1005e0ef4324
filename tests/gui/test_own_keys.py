"""Own keys from a file: real keys in a real window, and the messages about a wrong file."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import PairVerdict, read_verdicts
from lap_gui import LabelerGUI
from lap_gui.comparer.commands import KEYS as COMPARER
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.commands import KEYS as EXPLORER
from lap_gui.explorer.opening import review_groups
from lap_gui.labeler.commands import COMMANDS, help_rows
from lap_gui.labeler.commands import KEYS as LABELER
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder, review_folder
from lap_gui.shared.keys import Keymap
from lap_gui.shared.own_keys import chord, with_own_keys
from tests.gui.hands import Hands, settle, wait_for
from tests.gui.labeling import folder, names
from tests.gui.words import NAMES

A, B, C, D = NAMES[:4]
TABLES = {"comparer": COMPARER, "explorer": EXPLORER, "labeler": LABELER}


def keys_of(keymap: Keymap, name: str) -> Sequence[str]:
    return next(command.keys for command in keymap.commands if command.name == name)


def test_a_command_gets_the_keys_of_the_file_and_loses_its_own(display: str, hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text(
        '[comparer]\nreject = ["F5", "ctrl+D"]\nconfirm = "r"\n\n[labeler]\npast = "t"\n'
    )
    for number, name in enumerate((A, B, C, D)):
        Image.new("RGB", (400 - 40 * number, 600), "navy").save(tmp_path / name)
    pairs = [Pair(Poster(one), Poster(other)) for one, other in ((A, B), (C, D), (A, C))]
    session = ReviewSession(pairs, Logs(tmp_path / "v.jsonl"), "ann")
    keys = with_own_keys("comparer", COMPARER, tmp_path)
    with closing(Comparer(session, PosterFolder(tmp_path), size=(800, 600), keys=keys)) as window:
        hands.on(window).press("space")
        assert session.pair == pairs[0]
        for key in ("r", "F5", "Ctrl+d"):
            hands.press(key)
    active = read_verdicts([tmp_path / "v.jsonl"]).active
    assert [one.verdict for one in active if isinstance(one, PairVerdict)] == ["duplicate", "distinct", "distinct"]


def test_the_labelers_help_shows_own_keys_also_of_what_shares_a_row(display: str, hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text('[labeler]\n"class 3" = "k"\n"next unreviewed" = "t"\n')
    window = LabelerGUI(window_size=(800, 600)).init_data(folder(tmp_path)).window()
    with closing(window):
        wait_for(window.root, lambda: window.viewport.picture is not None)
        hands.on(window).press("t")
        assert window.session.name == names(2)[1]
        rows = help_rows(with_own_keys("labeler", LABELER, tmp_path).commands)
        assert [row.shown for row in rows if row.name == "class 3"] == ["K"]
        hands.press("F1")
        settle(window.root)
        assert window.help.is_open


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[comparer]\nrejct = 'x'", "unknown command 'rejct'; expected one of: confirm, swap, "),
        (
            "[comparer]\nreject = 'Strg+x'",
            "[comparer] reject: 'Strg+x' is not a key; expected a key such as a, ",
        ),
        ("[comparer]\nreject = 7", "[comparer] reject: expected a key or a list of keys"),
        ("[comparer]\nreject = 's'", "s is the key of swap and of reject: give one of them another"),
        ("[compare]\nreject = 'x'", "unknown tool 'compare': expected [comparer], [explorer], [labeler]"),
        ("comparer = 'x'", "comparer is not a table"),
        ("[comparer\n", "Expected ']'"),
        ("[comparer]\nwheel = 'x'", "unknown command 'wheel'"),
        ("[comparer]\nreject = 'ab'", "'ab' is not a key"),
        ("[comparer]\nreject = '\x1b'", ""),
    ],
)
def test_what_is_wrong_is_said_in_one_line_that_names_the_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "keys.toml").write_text(text)
    with pytest.raises(FileError) as caught:
        with_own_keys("comparer", COMPARER, tmp_path)
    line = str(caught.value)
    assert line.startswith(f"{tmp_path / 'keys.toml'}: ")
    assert message in line
    assert line.isprintable()


def test_a_binary_file_and_a_folder_are_named_too(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(FileError, match=r"keys\.toml"):
        with_own_keys("explorer", EXPLORER, tmp_path)


def test_a_wrong_file_keeps_the_explorer_from_opening(display: str, tmp_path: Path) -> None:
    for name in (A, B):
        Image.new("RGB", (200, 300), "navy").save(tmp_path / name)
    (tmp_path / "keys.toml").write_text("[explorer]\nnxt = 'x'\n")
    with pytest.raises(FileError, match="unknown command 'nxt'"):
        review_groups(tmp_path, reviewer="ann")


def test_in_a_home_the_file_is_in_review(tmp_path: Path) -> None:
    for name in ("posters", "review/candidates"):
        (tmp_path / name).mkdir(parents=True)
    for path in (tmp_path / "review" / "queue.csv", tmp_path / "review" / "candidates" / "3.csv"):
        assert review_folder(path) == tmp_path / "review"
    assert review_folder(tmp_path / "list.csv") == tmp_path


@pytest.mark.parametrize("tool", TABLES)
def test_every_key_of_every_table_may_stand_in_a_file_as_it_is(tmp_path: Path, tool: str) -> None:
    keymap = TABLES[tool]
    for command in keymap.commands:
        assert tuple(map(chord, command.keys)) == command.keys
    lines = [f"{name!r} = {list(keys)!r}" for name, keys in ((one.name, one.keys) for one in keymap.commands) if keys]
    (tmp_path / "keys.toml").write_text(f"[{tool}]\n" + "\n".join(lines))
    assert with_own_keys(tool, keymap, tmp_path).commands == keymap.commands


@given(st.text(max_size=12))
def test_a_chord_is_what_a_key_event_gives_or_an_error(text: str) -> None:
    try:
        parsed = chord(text)
    except InputError:
        return
    assert chord(parsed) == parsed


def test_an_empty_list_switches_a_command_off(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text("[labeler]\ndelete = []\n")
    assert keys_of(with_own_keys("labeler", LABELER, tmp_path), "delete") == ()
    assert keys_of(LABELER, "delete") == next(one.keys for one in COMMANDS if one.name == "delete")


def test_the_example_in_the_docs_is_a_file_that_works(tmp_path: Path) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "review.md").read_text(encoding="utf-8")
    (tmp_path / "keys.toml").write_text(docs.partition("```toml\n")[2].partition("```")[0])
    changed = {tool: with_own_keys(tool, keymap, tmp_path) for tool, keymap in TABLES.items()}
    assert keys_of(changed["comparer"], "confirm") == ("Return",)
    assert keys_of(changed["labeler"], "next unreviewed") == ("t",)
    assert changed["explorer"].commands == EXPLORER.commands
