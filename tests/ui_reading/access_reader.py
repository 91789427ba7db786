"""An assistive program, as Orca is one: walks every page through AT-SPI and works one control of each.

Runs under the system's own Python, where pyatspi is: `/usr/bin/python3 access_reader.py PYTHON OUT NAME:LANGUAGE…` in a
session bus of its own. Starts the screen with PYTHON, writes one JSON line a page to OUT.
"""

import json
import subprocess
import sys
import time

import pyatspi

APP = "tests.ui_reading.access_app"
FOUND_S = 30.0
ANSWER_MS = 20_000
"""For one question; AT-SPI's own 0.8 s is for a person who waits, and a machine that has the time."""
PRESSED = ("push button", "check box", "radio button", "page tab", "button")
TYPED = ("text", "entry")
OTHER = {"zh": "English", "en": "中文"}


class Screen:
    """The screen's process."""

    def __init__(self, python):
        self.process = subprocess.Popen(
            [python, "-m", APP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.answer()

    def ask(self, **what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the screen went away")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)


def application(screen):
    """The screen among the programs of the desktop; asked again whenever it has drawn something."""
    deadline = time.monotonic() + FOUND_S
    while time.monotonic() < deadline:
        desktop = pyatspi.Registry.getDesktop(0)
        for number in range(desktop.childCount):
            child = desktop.getChildAtIndex(number)
            if child is not None and child.get_process_id() == screen.process.pid:
                return child
        screen.ask(events=True)
    raise SystemExit("the screen is not on the accessibility bus")


def walk(node, found):
    """Everything that shows, from the top."""
    for number in range(node.childCount):
        child = node.getChildAtIndex(number)
        if child is None:
            continue
        states = child.getState()
        if not states.contains(pyatspi.STATE_SHOWING) and not states.contains(pyatspi.STATE_VISIBLE):
            continue
        found.append((child, states))
        walk(child, found)


def told(node, states):
    try:
        action = node.queryAction()
        actions = [action.getName(number) for number in range(action.nActions)]
    except NotImplementedError:
        actions = []
    return {
        "role": node.getRoleName(),
        "name": node.name,
        "description": node.description,
        "actions": actions,
        "enabled": states.contains(pyatspi.STATE_ENABLED),
    }


def act(found, roles, name=""):
    """Do the first action of the last thing of these roles (that is called so); its name, "" where there is none."""
    for node, states in reversed(found):
        fits = node.getRoleName() in roles and states.contains(pyatspi.STATE_ENABLED) and node.name
        if fits and name in ("", node.name):
            return node.name if node.queryAction().doAction(0) else ""
    return ""


def page(screen, app, name, language):
    """One page: everything on it, and what came of working its last button, its language and its first field."""
    worked = screen.ask(show=name, language=language)["worked"]
    found = []
    walk(app, found)
    nodes = [told(node, states) for node, states in found]
    typed = [each for each in found if each[0].getRoleName() in TYPED and each[1].contains(pyatspi.STATE_EDITABLE)]
    keys = []
    if typed and act(typed, TYPED):
        screen.ask(events=True)
        raised = []
        walk(app, raised)
        before = {(one["role"], one["name"]) for one in nodes}
        keys = [one for one in (told(*each) for each in raised) if (one["role"], one["name"]) not in before]
    if keys:  # the page as it was, with the keyboard down
        screen.ask(show=name, language=language)
        found = []
        walk(app, found)
    other = act(found, PRESSED, OTHER[language])
    switched = screen.ask(events=True)["events"]
    pressed = act(found, PRESSED)
    events = screen.ask(events=True)["events"][len(switched) :]
    return {"page": name, "language": language, "worked": worked, "nodes": nodes, "keys": keys, "pressed": pressed,
            "events": events, "other": other, "switched": switched}  # fmt: skip


def main(python, out, names):
    pyatspi.Atspi.set_timeout(ANSWER_MS, ANSWER_MS)
    screen = Screen(python)
    app = application(screen)
    app.set_cache_mask(pyatspi.Atspi.Cache.NONE)
    with open(out, "w", encoding="utf-8") as file:
        for each in names:
            name, language = each.split(":")
            file.write(json.dumps(page(screen, app, name, language), ensure_ascii=False) + "\n")
    screen.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
