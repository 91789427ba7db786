"""What is physically true of a cabinet: doors, springs, items and the hands that move them."""

from dataclasses import dataclass


@dataclass
class Door:
    """One compartment. `pulses` counts how often its lock was driven, opened or not."""

    is_open: bool = False
    stuck_shut: bool = False
    item: bool = False
    pulses: int = 0


class HandError(ValueError):
    """A person tried what the world does not allow, such as reaching through a closed door."""


class Cabinet:
    """Doors numbered from 1, each with a spring that opens it when its lock is driven."""

    def __init__(self, doors: int) -> None:
        self.doors = {number: Door() for number in range(1, doors + 1)}

    def drive(self, number: int) -> None:
        """The lock's solenoid pulls: the door springs open unless it is stuck."""
        door = self.doors[number]
        door.pulses += 1
        if not door.stuck_shut:
            door.is_open = True

    def close(self, number: int) -> None:
        """Push the door shut."""
        self.doors[number].is_open = False

    def put_item(self, number: int) -> None:
        """Lay something in. Raises HandError at a closed door or a full compartment."""
        door = self._within_reach(number)
        if door.item:
            raise HandError(f"compartment {number} is full")
        door.item = True

    def take_item(self, number: int) -> None:
        """Take it out. Raises HandError at a closed door or an empty compartment."""
        door = self._within_reach(number)
        if not door.item:
            raise HandError(f"compartment {number} is empty")
        door.item = False

    def stock(self, number: int) -> None:
        """An item lies in the compartment from before."""
        self.doors[number].item = True

    def _within_reach(self, number: int) -> Door:
        door = self.doors[number]
        if not door.is_open:
            raise HandError(f"door {number} is shut")
        return door
