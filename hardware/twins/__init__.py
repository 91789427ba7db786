"""The device's end of each wire, on the same codec, with a typed list of faults; never shipped."""
