"""Pictures for QML: icons and drawings tinted with the theme's colours, and the pages a person reviews.

`image://icon/<name>/<role>/<scheme>` · `image://drawing/<name>/<scheme>` · `image://papers/<name>`
"""

import logging
import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQml import QQmlImageProviderBase
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

log = logging.getLogger(__name__)

ASSETS = Path(__file__).resolve().parent.parent / "assets"
ICONS = ASSETS / "icons"
DRAWINGS = ASSETS / "theme" / "drawings"
PLAIN_ICON = "file-text"  # for an item whose icon we do not have
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
ROLE = re.compile(rb"@([a-zA-Z]+)")
Schemes = dict[str, dict[str, QColor]]  # scheme -> role -> colour
MOST_PIXELS = 4096  # a side; a page of paper is about 1240 x 1754


def _painted(svg: bytes, size: QSize) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg))
    own = renderer.defaultSize()
    if not size.isValid() or size.width() <= 0 or size.height() <= 0:
        size = own
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


class IconPictures(QQuickImageProvider):
    """Line icons in a role's colour."""

    def __init__(self, schemes: Schemes) -> None:
        super().__init__(QQmlImageProviderBase.ImageType.Image)
        self._schemes = schemes

    def requestImage(self, name: str, size: QSize, wanted: QSize) -> QImage:
        icon, role, scheme = name.split("/")
        file = ICONS / f"{icon}.svg"
        if not NAME.fullmatch(icon) or not file.is_file():
            file = ICONS / f"{PLAIN_ICON}.svg"
        svg = file.read_bytes().replace(b"currentColor", self._schemes[scheme][role].name().encode())
        return _painted(svg, wanted)


class DrawingPictures(QQuickImageProvider):
    """The project's own line drawings; `@role` in them is a colour of the theme."""

    def __init__(self, schemes: Schemes) -> None:
        super().__init__(QQmlImageProviderBase.ImageType.Image)
        self._schemes = schemes

    def requestImage(self, name: str, size: QSize, wanted: QSize) -> QImage:
        drawing, scheme = name.split("/")
        svg = (DRAWINGS / f"{drawing}.svg").read_bytes()
        tinted = ROLE.sub(lambda found: self._schemes[scheme][found[1].decode()].name().encode(), svg)
        return _painted(tinted, wanted)


class PaperPictures(QQuickImageProvider):
    """Pages for review. Asked for and decoded on Qt's picture thread; nothing is kept here."""

    def __init__(self, fetch: Callable[[str], bytes | None]) -> None:
        super().__init__(
            QQmlImageProviderBase.ImageType.Image, QQmlImageProviderBase.Flag.ForceAsynchronousImageLoading
        )
        self._fetch = fetch

    def requestImage(self, name: str, size: QSize, wanted: QSize) -> QImage:
        data = self._fetch(name)
        image = QImage.fromData(QByteArray(data)) if data else QImage()
        if image.isNull():
            log.warning("a page for review could not be shown")
            return _blank()
        if max(image.width(), image.height()) > MOST_PIXELS:
            image = image.scaled(QSize(MOST_PIXELS, MOST_PIXELS), Qt.AspectRatioMode.KeepAspectRatio)
        return image


def _blank() -> QImage:
    """An empty sheet: a null image would only make Qt complain."""
    image = QImage(210, 297, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    return image
