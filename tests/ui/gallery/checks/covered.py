"""While a person wants it covered, nothing of what they wrote can be read."""

from kiosk.view import FormBody, View
from tests.ui.gallery.picture import Finding, Picture


def written(view: View) -> set[str]:
    """What was written, where it is long enough to be told from anything else."""
    if not isinstance(view.body, FormBody):
        return set()
    return {field.value for field in view.body.fields if field.kind != "choice" and len(field.value) > 1}


def covered(picture: Picture, view: View) -> list[Finding]:
    found = []
    for text in picture.texts():
        if not text.under and any(value in text.text for value in written(view)):
            found.append(Finding(picture.name, f"{text.type} at {text.box}", "can be read while it is covered"))
    return found
