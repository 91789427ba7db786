"""Writes down for qmllint what QML may ask of the facades: `python -m ui.describe` (a test keeps the file fresh)."""

import sys
from pathlib import Path

from PySide6.QtCore import QMetaMethod, QMetaObject, QObject

from ui.app import FACADES, URI
from ui.front import Front
from ui.keyboard.facade import Keyboard
from ui.reading.reader import Reader
from ui.screens.shell import Shell
from ui.theme import Theme

FOLDER = Path(__file__).resolve().parent / "qml" / "types" / URI
TYPES_FILE = "nuanting.qmltypes"
QMLDIR = f"module {URI}\ntypeinfo {TYPES_FILE}\nimport QtQuick\n"
HEADER = "import QtQuick.tooling 1.2\n\n// Written by `python -m ui.describe`. Do not edit.\n\nModule {\n"


def _property_lines(meta: QMetaObject) -> list[str]:
    lines = []
    for index in range(meta.propertyOffset(), meta.propertyCount()):
        found = meta.property(index)
        whole, name = str(found.typeName()), str(found.name())
        kind = whole.removesuffix("*")
        told = f'notify: "{bytes(found.notifySignal().name().data()).decode()}"; ' if found.hasNotifySignal() else ""
        pointer = "isPointer: true; " if whole.endswith("*") else ""
        constant = "isPropertyConstant: true; " if found.isConstant() else ""
        lines.append(
            f'        Property {{ name: "{name}"; type: "{kind}"; read: "{name}"; '
            f"{told}{constant}{pointer}isReadonly: true; index: {index - meta.propertyOffset()} }}"
        )
    return lines


def _method_lines(meta: QMetaObject) -> list[str]:
    lines = []
    for index in range(meta.methodOffset(), meta.methodCount()):
        method = meta.method(index)
        word = "Signal" if method.methodType() == QMetaMethod.MethodType.Signal else "Method"
        name = bytes(method.name().data()).decode()
        kinds = [bytes(kind.data()).decode() for kind in method.parameterTypes()]
        names = [bytes(given.data()).decode() or f"value{at}" for at, given in enumerate(method.parameterNames())]
        told = " ".join(
            f'Parameter {{ name: "{given}"; type: "{kind}" }}' for given, kind in zip(names, kinds, strict=True)
        )
        lines.append(f'        {word} {{ name: "{name}"{"; " + told if told else ""} }}')
    return lines


def describe(kinds: list[type[QObject]]) -> str:
    """The qmltypes text of these singletons."""
    parts = [HEADER]
    for kind in kinds:
        meta: QMetaObject = kind.staticMetaObject  # type: ignore[attr-defined]  # made at run time
        parts.append(
            f'    Component {{\n        name: "{kind.__name__}"\n        accessSemantics: "reference"\n'
            f'        prototype: "QObject"\n        exports: ["{URI}/{kind.__name__} 1.0"]\n'
            f"        isCreatable: false\n        isSingleton: true\n        exportMetaObjectRevisions: [256]\n"
        )
        parts.append("\n".join(_property_lines(meta) + _method_lines(meta)) + "\n    }\n")
    return "".join(parts) + "}\n"


def write(folder: Path = FOLDER) -> None:
    """Write qmldir and qmltypes into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "qmldir").write_text(QMLDIR, "utf-8")
    (folder / TYPES_FILE).write_text(describe([Theme, Front, Shell, Keyboard, Reader, *FACADES.values()]), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
