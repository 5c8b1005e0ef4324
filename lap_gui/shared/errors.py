"""The error that keeps a window from opening. Standard library only, since it is also raised on machines without Tk."""

from lap_assets.core.errors import NoWindow


def lacking(error: ImportError) -> NoWindow:
    """Return the error for a module that is not installed."""
    return NoWindow(f"{error}: the tools need Tk (Debian, Ubuntu: python3-tk) and Pillow")
