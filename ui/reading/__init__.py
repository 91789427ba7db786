"""The screen read aloud and worked by a keypad: for people who do not see it."""
