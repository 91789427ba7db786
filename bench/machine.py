"""Which machine the figures are of, and how busy it was: a figure without both says nothing."""

import os
import platform
import re
from pathlib import Path


def _first(pattern: str, file: str) -> str:
    try:
        found = re.search(pattern, Path(file).read_text("utf-8"), re.MULTILINE)
    except OSError:
        return "unknown"
    return found.group(1).strip() if found else "unknown"


def _disk(folder: Path) -> str:
    """The file system and device that hold the folder."""
    best = ("", "unknown")
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8")
    except OSError:
        return best[1]
    for line in mounts.splitlines():
        device, point, kind, *_ = line.split()
        if folder.is_relative_to(point) and len(point) > len(best[0]):
            best = (point, f"{kind} on {device}")
    return best[1]


def named(folder: Path) -> list[str]:
    """The machine in a few lines; `folder` is where the measures write."""
    memory_kb = _first(r"^MemTotal:\s+(\d+)", "/proc/meminfo")
    processor = _first(r"^model name\s*:\s*(.*)$", "/proc/cpuinfo")
    system = _first(r'^PRETTY_NAME="?([^"\n]*)', "/etc/os-release")
    memory = f"{int(memory_kb) / 1024 / 1024:.0f} GiB" if memory_kb.isdigit() else memory_kb
    return [
        f"processor  {processor}, {os.cpu_count()} cores",
        f"memory     {memory}",
        f"disk       {_disk(folder.resolve())}",
        f"system     {system}, kernel {platform.release()}",
        f"python     {platform.python_version()}",
    ]


def load() -> str:
    """The load average of the last minute, over the number of cores."""
    return f"{os.getloadavg()[0]:.2f} over {os.cpu_count()} cores"
