"""Where networks run: the words of the command line and of the window, and the torch devices behind them."""

from __future__ import annotations

from typing import Final

from core.problems import ProblemCode, ProblemError

AUTO: Final = "auto"
CPU: Final = "cpu"


def available_devices() -> list[str]:
    """Torch device names that work on this computer, fastest first; "cpu" is always the last."""
    import torch

    cuda = [f"cuda:{place}" for place in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return [*cuda, *mps, CPU]


def resolve_device(choice: str) -> str:
    """The torch device name for "auto" (the fastest), "cpu", "cuda", "cuda:1" or "mps". Raises ProblemError(DEVICE_UNAVAILABLE)."""
    devices = available_devices()
    if choice == AUTO:
        return devices[0]
    found = next((device for device in devices if choice in (device, device.partition(":")[0])), None)
    if found is None:
        raise ProblemError(ProblemCode.DEVICE_UNAVAILABLE, device=choice)
    return found


def device_title(device: str) -> str:
    """What a person calls `device`: the name of the graphics card, or of the processor kind."""
    if device.startswith("cuda"):
        import torch

        return f"{device}: {torch.cuda.get_device_name(device)}"
    return "Apple GPU (mps)" if device == "mps" else "CPU"


def free_memory(device: str) -> int:
    """Bytes that a job on `device` may hope for now."""
    if device.startswith("cuda"):
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    import psutil

    return int(psutil.virtual_memory().available)


def make_repeatable() -> None:
    """Asks the graphics card for the same sums every time. On the processor they are, for one number of threads."""
    import torch

    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
