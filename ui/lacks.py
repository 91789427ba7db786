"""What this machine's glass and keyboard lack, which a technician can mend and nobody is turned away for. No Qt."""

from collections.abc import Mapping

from kiosk.alarms import GLASS_HIGH, NO_HANDWRITING_MODEL, NO_PINYIN_LIBRARY
from ui.keyboard.google import GooglePinyin, NoLibrary
from ui.keyboard.zinnia import NoRecogniser, Zinnia
from ui.link import ScreenPlan
from ui.measures import HARDLY_MM, beyond_mm, canvas


def lacks(plan: ScreenPlan) -> Mapping[str, Mapping[str, object]]:
    """Alarm words, each with what its sentence is filled with. Opens library and model: some 10 ms warm."""
    found: dict[str, dict[str, object]] = {}
    beyond = beyond_mm(canvas(), plan, landscape=False)
    if beyond > HARDLY_MM:
        found[GLASS_HIGH] = {"beyond": round(beyond), "bottom": f"{plan.bottom_mm:g}"}
    try:
        GooglePinyin.open()
    except NoLibrary:
        found[NO_PINYIN_LIBRARY] = {}
    try:
        Zinnia.open().close()
    except NoRecogniser:
        found[NO_HANDWRITING_MODEL] = {}
    return found
