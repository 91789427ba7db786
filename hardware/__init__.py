"""Everything with a cable: ports, codecs, transports, drivers, and the twins that stand in for devices."""
