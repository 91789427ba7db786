"""Contact sheets: all pictures of a page on one, and an index of the sheets."""

import html
from pathlib import Path

from PIL import Image, ImageDraw

THUMB = 384  # pixels of a thumbnail's height
GAP, LABEL, ACROSS = 12, 18, 3200


def sheet(folder: Path, target: Path) -> int:
    """All PNG files of a folder, in rows, each with its name below."""
    files = sorted(folder.glob("*.png"))
    places = []
    x, y = GAP, GAP
    for file in files:
        with Image.open(file) as whole:
            width = round(whole.width * THUMB / whole.height) if whole.height > whole.width else THUMB
            height = THUMB if whole.height > whole.width else round(whole.height * THUMB / whole.width)
        if x + width + GAP > ACROSS:
            x, y = GAP, y + THUMB + LABEL + GAP
        places.append((file, x, y, width, height))
        x += width + GAP
    paper = Image.new("RGB", (ACROSS, y + THUMB + LABEL + GAP), "#777777")
    pen = ImageDraw.Draw(paper)
    for file, left, top, width, height in places:
        with Image.open(file) as whole:
            paper.paste(whole.convert("RGB").resize((width, height), Image.Resampling.BOX), (left, top))
        label = file.stem.removeprefix(folder.name).strip("-")
        pen.text((left, top + height + 2), label[: width // 6], fill="white")
    paper.quantize(128).save(target)
    return len(files)


def sheets(out: Path, samples: list[str], found: dict[tuple[str, str], list[str]]) -> None:
    """A sheet for each sample, and `index.html`."""
    rows = []
    for sample in samples:
        folder = out / sample
        if not folder.is_dir():
            continue
        count = sheet(folder, out / f"{sample}.png")
        rows.append(f'<h2 id="{sample}">{sample} · {count}</h2><a href="{sample}.png"><img src="{sample}.png"></a>')
    wrong = "".join(
        f"<li>{html.escape(pictures[0])} · {html.escape(element)} · {html.escape(reason)} ({len(pictures)})</li>"
        for (element, reason), pictures in sorted(found.items(), key=lambda one: one[1][0])
    )
    (out / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>暖亭</title><style>img{max-width:100%}body{font-family:sans-serif}"
        f"</style><h1>暖亭</h1><ul>{wrong}</ul>{''.join(rows)}",
        "utf-8",
    )
