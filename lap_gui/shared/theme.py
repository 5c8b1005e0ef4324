"""Colors and fonts of the tools: dark and calm, so that the pictures stand out. Values only."""

from typing import Any, Final

GROUND: Final = "#16181d"
"""The background of pictures."""
PANEL: Final = "#1f2229"
RAISED: Final = "#2a2e38"
LINE: Final = "#383d49"
TEXT: Final = "#e6e8ec"
QUIET: Final = "#9aa1ae"
ACCENT: Final = "#6cb6ff"
GOOD: Final = "#7ddc9a"
WARN: Final = "#f2c14e"
BAD: Final = "#ff6b6b"
SCROLLBAR: Final[dict[str, Any]] = {
    "background": "#4a5160", "activebackground": QUIET, "troughcolor": PANEL, "width": 11, "borderwidth": 0,
    "highlightthickness": 0, "elementborderwidth": 0,
}  # fmt: skip
"""Options of every scrollbar."""

FAMILY: Final = "DejaVu Sans"
"""Tk falls back to the system's font if it is missing."""
SMALL: Final = (FAMILY, 9)
NORMAL: Final = (FAMILY, 10)
BOLD: Final = (FAMILY, 10, "bold")
TITLE: Final = (FAMILY, 14, "bold")
