"""Checks all QML with qmllint, warnings counting as failures; first tells it what types Python gives to QML."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[1]
TYPES = ROOT / "build/qmltypes"
TOOLS = Path(sys.executable).parent
METATYPES = Path(PySide6.__file__).parent / "Qt/metatypes"
KNOWN = ("core", "gui", "qml", "qmlmodels", "quick")
"""Qt modules whose classes our own types inherit from or hand out."""


def import_name(path: Path) -> str | None:
    """The QML module the Python file registers its types in, if it does."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == "QML_IMPORT_NAME":
                    return str(node.value.value)
    return None


def describe(module: str, sources: list[Path]) -> None:
    """Writes the qmldir and the type description of one QML module made in Python."""
    folder = TYPES.joinpath(*module.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    dump = folder / "types.json"
    subprocess.run([TOOLS / "pyside6-metaobjectdump", "--quiet", "-o", dump, *sources], check=True)
    if not json.loads(dump.read_text("utf-8")):
        raise SystemExit(f"{module}: no type found in {', '.join(map(str, sources))}")
    foreign = ",".join(str(METATYPES / f"qt6{name}_metatypes.json") for name in KNOWN)
    registrar = [TOOLS / "pyside6-qmltyperegistrar", "--import-name", module, "--major-version", "1"]
    subprocess.run(
        [
            *registrar,
            *("--foreign-types", foreign),
            *("--generate-qmltypes", folder / "types.qmltypes"),
            *("-o", folder / "types.cpp", dump),
        ],
        check=True,
    )
    (folder / "qmldir").write_text(f"module {module}\ntypeinfo types.qmltypes\n", "utf-8")


def main() -> int:
    """Returns qmllint's own exit code."""
    pages = sorted([*ROOT.glob("ui/**/*.qml"), *ROOT.glob("demo/**/*.qml")])
    if not pages:
        print("no QML yet")
        return 0
    modules: dict[str, list[Path]] = {}
    for source in sorted([*ROOT.glob("ui/**/*.py"), *ROOT.glob("demo/**/*.py")]):
        if (name := import_name(source)) is not None:
            modules.setdefault(name, []).append(source)
    for module, sources in modules.items():
        describe(module, sources)
    where = ["-I", TYPES, "-I", ROOT / "ui/qml", "-I", ROOT / "demo"]
    return subprocess.run([TOOLS / "pyside6-qmllint", "--max-warnings", "0", *where, *pages], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
