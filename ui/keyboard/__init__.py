"""The keyboard: pinyin to characters, what is being composed, and the facade that the panel in `ui/qml/keyboard` draws.

Nothing that is typed is kept: no user dictionary, no file, no log, and `Keyboard.reset` forgets the composition.
"""
