"""Identifies keys on any layout: by Latin name, or by position on the keyboard. Only tables."""

import sys
from typing import Final

_LETTERS: Final = "йцукенгшщзхъфывапролджэёячсмитьбю", "qwertyuiop[]asdfghjkl;'`zxcvbnm,."

CYRILLIC: Final[dict[str, str]] = {
    **dict(zip(*_LETTERS, strict=True)),
    "Cyrillic_shorti": "q", "Cyrillic_tse": "w", "Cyrillic_u": "e", "Cyrillic_ka": "r", "Cyrillic_ie": "t",
    "Cyrillic_en": "y", "Cyrillic_ghe": "u", "Cyrillic_sha": "i", "Cyrillic_shcha": "o", "Cyrillic_ze": "p",
    "Cyrillic_ha": "[", "Cyrillic_hardsign": "]", "Cyrillic_ef": "a", "Cyrillic_yeru": "s", "Cyrillic_ve": "d",
    "Cyrillic_a": "f", "Cyrillic_pe": "g", "Cyrillic_er": "h", "Cyrillic_o": "j", "Cyrillic_el": "k",
    "Cyrillic_de": "l", "Cyrillic_zhe": ";", "Cyrillic_e": "'", "Cyrillic_io": "`", "Cyrillic_ya": "z",
    "Cyrillic_che": "x", "Cyrillic_es": "c", "Cyrillic_em": "v", "Cyrillic_i": "b", "Cyrillic_te": "n",
    "Cyrillic_softsign": "m", "Cyrillic_be": ",", "Cyrillic_yu": ".", "Ukrainian_i": "s", "Ukrainian_yi": "]",
    "Ukrainian_ie": "'", "Ukrainian_ghe_with_upturn": "`", "Byelorussian_shortu": "o",
}  # fmt: skip
"""The Latin key at the position of each Cyrillic letter or keysym."""

_NAMES: Final[dict[str, str]] = {
    "space": "Space", "Return": "Return", "KP_Enter": "Return", "ISO_Left_Tab": "Tab",
    "Prior": "PageUp", "Next": "PageDown",
    "KP_Add": "+", "KP_Subtract": "-", "KP_Multiply": "*", "KP_Divide": "/", "KP_Decimal": ".", "KP_Delete": "Delete",
    "KP_Left": "Left", "KP_Right": "Right", "KP_Up": "Up", "KP_Down": "Down", "KP_Home": "Home", "KP_End": "End",
    "KP_Prior": "PageUp", "KP_Next": "PageDown", "KP_Insert": "Insert",
    "minus": "-", "equal": "=", "plus": "+", "underscore": "_", "bracketleft": "[", "bracketright": "]",
    "braceleft": "{", "braceright": "}", "semicolon": ";", "colon": ":", "apostrophe": "'", "quotedbl": '"',
    "grave": "`", "asciitilde": "~", "comma": ",", "period": ".", "less": "<", "greater": ">", "slash": "/",
    "question": "?", "backslash": "\\", "bar": "|", "exclam": "!", "at": "@", "numbersign": "#", "dollar": "$",
    "percent": "%", "asciicircum": "^", "ampersand": "&", "asterisk": "*", "parenleft": "(", "parenright": ")",
    **{f"KP_{digit}": str(digit) for digit in range(10)},
}  # fmt: skip

_POSITIONS_X11: Final = ((10, "1234567890-="), (24, "qwertyuiop[]"), (38, "asdfghjkl;'`"), (52, "zxcvbnm,./"))
_POSITIONS_MAC: Final = "asdfhgzxcv§bqweryt123465=97-80]ou[ip\0lj'k;\\,/nm.\0\0`"
_POSITIONS_WINDOWS: Final = {186: ";", 187: "=", 188: ",", 189: "-", 190: ".", 191: "/", 192: "`", 219: "[", 221: "]"}


def key_name(keysym: str) -> str:
    """Return one name per key: letters in lower case (Caps Lock and Shift do not matter), Cyrillic ones by position."""
    if keysym in _NAMES:
        return _NAMES[keysym]
    if len(keysym) == 1:
        return CYRILLIC.get(keysym.lower(), keysym.lower())
    return CYRILLIC.get(keysym.capitalize(), keysym)


def key_at(keycode: int, platform: str = sys.platform) -> str | None:
    """Return the US keyboard key at the position of `event.keycode`; None for any other key."""
    if platform == "win32":  # virtual keys are Latin letters on most layouts
        return chr(keycode).lower() if chr(keycode & 0x7F).isalnum() and 48 <= keycode <= 90 else \
            _POSITIONS_WINDOWS.get(keycode)  # fmt: skip
    if platform == "darwin":
        position = keycode >> 24 & 0xFF
        found = _POSITIONS_MAC[position] if keycode > 0xFFFF and position < len(_POSITIONS_MAC) else "\0"
        return found if found not in "\0§" else None
    for first, keys in _POSITIONS_X11:
        if first <= keycode < first + len(keys):
            return keys[keycode - first]
    return None
