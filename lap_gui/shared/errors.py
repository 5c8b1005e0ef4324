"""What keeps a window from opening. Standard library alone: it is raised where there is no Tk, too."""


class NoWindow(OSError, RuntimeError):
    """There is no display, no Tk, or no Pillow; the message says which, and what to do."""
