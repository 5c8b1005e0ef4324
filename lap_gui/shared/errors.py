"""What keeps a window from opening. Standard library alone: it is raised where there is no Tk, too."""


class NoWindow(OSError, RuntimeError):
    """There is no display, no Tk, or no Pillow; the message says which, and what to do."""


def lacking(error: ImportError) -> NoWindow:
    """The error for a module that is not installed."""
    return NoWindow(f"{error}: the tools need Tk (Debian, Ubuntu: python3-tk) and Pillow")
