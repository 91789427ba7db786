"""The slot for a vendor's photo library: how it is called, and what is believed."""

import ctypes
from pathlib import Path

import pytest

from hardware.drivers.id_card_sam.wlt import (
    BMP_SIZE,
    WLT_SIZE,
    Entry,
    NoVendorLibraryError,
    PhotoDecoder,
    VendorPhotoDecoder,
)

PHOTO = b"WLf" + bytes(WLT_SIZE - 3)
BMP = b"BM" + bytes(BMP_SIZE - 2)
BY_BUFFERS = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
BY_BUFFERS_SIZED = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
BY_FILES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p)


def test_memory_to_memory() -> None:
    def vendor(source: int, target: int) -> int:
        assert ctypes.string_at(source, WLT_SIZE) == PHOTO
        ctypes.memmove(target, BMP, BMP_SIZE)
        return 1

    decoder: PhotoDecoder = VendorPhotoDecoder(BY_BUFFERS(vendor), Entry.BUFFERS)
    assert decoder.decode(PHOTO) == BMP


def test_memory_to_memory_with_a_size() -> None:
    def vendor(source: int, target: int, size: int) -> int:
        ctypes.memmove(target, BMP, BMP_SIZE)
        return int(size == 708)

    assert VendorPhotoDecoder(BY_BUFFERS_SIZED(vendor), Entry.BUFFERS_SIZED).decode(PHOTO) == BMP


def test_file_to_file_leaves_nothing_on_a_disk() -> None:
    paths = []

    def vendor(source: bytes, target: bytes) -> int:
        paths.extend([source, target])
        assert Path(source.decode()).read_bytes() == PHOTO
        Path(target.decode()).write_bytes(BMP)
        return 1

    assert VendorPhotoDecoder(BY_FILES(vendor), Entry.FILES).decode(PHOTO) == BMP
    assert all(path.startswith(b"/proc/self/fd/") for path in paths)
    assert not any(Path(path.decode()).exists() for path in paths)


@pytest.mark.parametrize(("result", "picture"), [(0, BMP), (-1, BMP), (1, b"XX" + BMP[2:])])
def test_what_the_library_refuses_or_what_is_no_picture_is_none(result: int, picture: bytes) -> None:
    def vendor(source: int, target: int) -> int:
        ctypes.memmove(target, picture, len(picture))
        return result

    assert VendorPhotoDecoder(BY_BUFFERS(vendor), Entry.BUFFERS).decode(PHOTO) is None


def test_a_picture_cut_short_is_none() -> None:
    def vendor(source: bytes, target: bytes) -> int:
        Path(target.decode()).write_bytes(BMP[:-1])
        return 1

    assert VendorPhotoDecoder(BY_FILES(vendor), Entry.FILES).decode(PHOTO) is None


@pytest.mark.parametrize("wlt", [b"", bytes(WLT_SIZE), PHOTO[:-1]])
def test_what_is_no_photo_is_never_given_to_the_library(wlt: bytes) -> None:
    called = []
    assert VendorPhotoDecoder(lambda *args: called.append(args), Entry.BUFFERS).decode(wlt) is None
    assert called == []


def test_a_real_library_is_loaded_and_its_missing_parts_are_told(tmp_path: Path) -> None:
    libc = Path("libc.so.6")
    # bcopy(from, to, count) has the shape of a sized decoder: 708 bytes come over, which are no picture.
    assert VendorPhotoDecoder.load(libc, "bcopy", Entry.BUFFERS_SIZED, ok=None).decode(PHOTO) is None
    with pytest.raises(NoVendorLibraryError):
        VendorPhotoDecoder.load(libc, "Wlt2Bmp", Entry.FILES)
    with pytest.raises(NoVendorLibraryError):
        VendorPhotoDecoder.load(tmp_path / "libwlt2bmp.so", "Wlt2Bmp", Entry.FILES)
