"""Stand-ins for public-service portals on the loopback address, with faults to play."""
