"""Every colour and every size of type on the page is one that the theme names."""

from tests.ui.gallery.picture import Finding, Picture


def check(picture: Picture) -> list[Finding]:
    found = []
    colours = set(picture.rules.colours.values())
    for element in picture.elements:
        if element.kind in ("text", "input") and element.text:
            if element.colour not in colours and element.visible_ink:
                found.append(Finding(picture.name, str(element), f"colour {element.colour} is not the theme's"))
            if element.size not in picture.rules.sizes:
                found.append(Finding(picture.name, str(element), f"type of {element.size} px is not the theme's"))
        if element.kind == "sheet" and element.visible_ink and element.colour not in colours:
            found.append(Finding(picture.name, str(element), f"ground {element.colour} is not the theme's"))
    return found
