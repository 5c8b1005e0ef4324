"""What keeps a window from opening. Standard library alone: it is raised where there is no Tk, too."""

from lap_assets.core.errors import NoWindow


def lacking(error: ImportError) -> NoWindow:
    """The error for a module that is not installed."""
    return NoWindow(f"{error}: the tools need Tk (Debian, Ubuntu: python3-tk) and Pillow")
