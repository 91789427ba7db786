"""Folders on disks that misbehave: too small, suddenly read-only, without power in the middle of a write.

A power cut is the GOINGDOWN ioctl of ext4 and xfs with "no log flush": the file system forgets at once whatever it had
not put on the disk, and takes nothing more; a new mount sees what a machine would see after its power came back. The
disk is an image in a file, on a loop device of its own.
"""

import contextlib
import fcntl
import functools
import os
import shutil
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

GOINGDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN, _IOR('X', 125, __u32)
NO_LOG_FLUSH = 2
LET_GO_S = 30.0
IMAGE_BYTES = 512 * 1024 * 1024  # sparse; mkfs.xfs makes none under 300 MB


class CannotMount(Exception):
    """This machine does not allow it; the text says what it does not allow."""


class Disk:
    """An ordinary folder: of these disks the one that never fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def settle(self) -> None:
        """What was written until now is on the disk for good."""
        _run("sync", "-f", str(self.folder))

    def close(self) -> None:
        return


class SmallDisk(Disk):
    """A file system in memory with a bound. Raises CannotMount."""

    def __init__(self, folder: Path, size: int) -> None:
        super().__init__(folder)
        self._filler = folder / "filler"
        _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))

    def fill(self) -> None:
        """Not a byte is left for anybody."""
        for block in (1024 * 1024, 4096):
            with contextlib.suppress(OSError), self._filler.open("ab", buffering=0) as file:
                while file.write(bytes(block)) == block:
                    continue

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)

    def make_read_only(self) -> None:
        """Refused by the kernel while a file is open for writing: to be done between two lives."""
        _run("mount", "-o", "remount,ro", str(self.folder))

    def make_writable(self) -> None:
        _run("mount", "-o", "remount,rw", str(self.folder))

    def close(self) -> None:
        _run("umount", "-l", str(self.folder))


class ImageDisk(Disk):
    """A file system of its own in an image. `kind`: ext4 or xfs. Raises CannotMount."""

    def __init__(self, folder: Path, kind: str) -> None:
        super().__init__(folder)
        self.kind = kind
        self._image = folder.with_name(folder.name + ".image")
        with self._image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        _run(f"mkfs.{kind}", "-q", str(self._image))
        self._mount()

    def _mount(self) -> None:
        options = "loop,errors=remount-ro" if self.kind == "ext4" else "loop"
        _run("mount", "-o", options, str(self._image), str(self.folder))

    def cut_power(self) -> None:
        """From now on the disk takes and gives nothing."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, GOINGDOWN, struct.pack("I", NO_LOG_FLUSH))
        except OSError as refused:
            raise CannotMount(f"no GOINGDOWN on {self.kind}: {refused.strerror}") from refused
        finally:
            os.close(handle)

    def break_down(self) -> None:
        """As after a fault of the medium (ext4 only): read-only at once, under the feet of whoever is writing."""
        device = _run("findmnt", "-n", "-o", "SOURCE", str(self.folder)).strip()
        try:
            Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("1")
        except OSError as refused:
            raise CannotMount(f"no trigger_fs_error: {refused.strerror}") from refused

    def bring_back(self) -> None:
        """Mount anew: the journal is replayed. Who has a file open still is given a moment. Raises CannotMount."""
        deadline = time.monotonic() + LET_GO_S
        while True:
            try:
                _run("umount", str(self.folder))
                break
            except CannotMount:
                if time.monotonic() > deadline:
                    raise
                threading.Event().wait(0.05)
        self._mount()

    def close(self) -> None:
        _run("umount", "-l", str(self.folder))
        self._image.unlink()


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError as missing:
        raise CannotMount(f"{command[0]} is not there") from missing
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CannotMount(f"{command[0]}: {said[0] if said else done.returncode}")
    return done.stdout


FIU_FOLDER = Path("/usr/lib/fiu")  # Debian's fiu-utils


class Faults:
    """Disk errors in a running process: some writes and fsyncs end in EIO. libfiu preloaded, told over its pipes."""

    NAMES = ("posix/io/rw/pwrite", "posix/io/sync/fsync", "posix/io/sync/fdatasync")
    FILES = "posix/io/rw/write"
    """Of ordinary files, and of whatever the process says on its standard output; sockets have another call, send."""

    def __init__(self, folder: Path) -> None:
        self._prefix = folder / "faults"

    def environment(self) -> dict[str, str]:
        """What the process is to be started with."""
        libraries = (FIU_FOLDER / name for name in ("fiu_run_preload.so", "fiu_posix_preload.so"))
        return {"LD_PRELOAD": " ".join(map(str, libraries)), "FIU_CTRL_FIFO": str(self._prefix), "FIU_ENABLE": ""}

    def begin(self, process: int, chance: float, *more: str) -> None:
        names = (*self.NAMES, *more)
        self._tell(process, [f"enable_random name={name},probability={chance},failinfo=5" for name in names])  # EIO

    def end(self, process: int, *more: str) -> None:
        self._tell(process, [f"disable name={name}" for name in (*self.NAMES, *more)])

    def _tell(self, process: int, commands: list[str]) -> None:
        options = [word for command in commands for word in ("-c", command)]
        _run("fiu-ctrl", "-f", str(self._prefix), *options, str(process))


@functools.cache
def why_no_faults() -> str:
    """Why no errors can be put into a process here; empty when they can."""
    if shutil.which("fiu-ctrl") is None or not (FIU_FOLDER / "fiu_posix_preload.so").exists():
        return "fiu-ctrl is not there (fiu-utils)"
    return ""


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="nuanting-disk-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def why_no_small_disk() -> str:
    """Why a small disk cannot be had here; empty when it can."""
    with _scratch() as folder:
        try:
            SmallDisk(folder / "disk", 1024 * 1024).close()
        except CannotMount as why:
            return str(why)
    return ""


@functools.cache
def why_no_image(kind: str, *, to_break: bool = False) -> str:
    """Why a disk of this kind cannot be had, cut and brought back here; empty when it can."""
    with _scratch() as folder:
        try:
            disk = ImageDisk(folder / "disk", kind)
            try:
                if to_break:
                    disk.break_down()
                else:
                    disk.cut_power()
                disk.bring_back()
            finally:
                disk.close()
        except CannotMount as why:
            return str(why)
    return ""
