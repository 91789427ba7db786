"""A sample View of every page and state, in Chinese and English, as the mind would make them: one module per topic."""

from kiosk.view import View
from tests.ui.samples import cases, doing, ending, entry, finding, old

TOPICS = (entry, finding, cases, old, doing, ending)


def views(language: str) -> dict[str, View]:
    """Name -> View. A name begins with its page."""
    return {name: view for topic in TOPICS for name, view in topic.views(language).items()}
