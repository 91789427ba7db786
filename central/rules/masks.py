"""How a person is shown where the whole name and number are not needed."""


def mask_name(name: str) -> str:
    """欧阳小明 -> 欧**明, 王五 -> 王*; the length stays, as people find themselves by it."""
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_number(number: str) -> str:
    """310101195001010022 -> 3101**********0022; a short number shows its last two characters at most."""
    if len(number) < 12:
        return "*" * max(0, len(number) - 2) + number[-2:] if len(number) > 4 else "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]
