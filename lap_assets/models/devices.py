"""The device that models run on: the GPU if there is one, else the CPU."""

from lap_assets.core.errors import SettingsError


def chosen_device(name: str | None = None) -> str:
    """Return torch's name of the device after checking it.

    Args:
        name: "cpu", "cuda", "cuda:1", …; None: the GPU if there is one.

    Raises:
        SettingsError: torch does not know the device, or it is not available.
    """
    import torch

    if name is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise SettingsError(f"models cannot run on {name!r} here ({reason}); LAP_DEVICE=cpu always works") from None
    return name
