"""The only exceptions that cross a port: the cable, a device that broke its own rules, our own bug."""

from hardware.api.status import Fault


class DeviceError(Exception):
    """Base of what a driver may raise; `fault` is the word that health and the log use."""

    fault = Fault.NOT_ANSWERING


class LinkLost(DeviceError):
    """The wire is gone: unplugged, powered off, refused."""

    fault = Fault.LINK_LOST


class NotAnswering(DeviceError):
    """The wire is there and nothing (or nothing whole) came back in the time the protocol allows."""

    fault = Fault.NOT_ANSWERING


class DeviceBrokeRules(DeviceError):
    """The device said something its manual forbids; the text names the rule and never quotes card data."""

    fault = Fault.BROKE_RULES


class WrongDevice(DeviceBrokeRules):
    """Something speaks on that wire, and it is not the device that the settings name."""

    fault = Fault.WRONG_DEVICE


class OutOfService(DeviceError):
    """The device answers by its rules, and says that it cannot work; `fault` is what it says."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
