"""How fast portalwatch is, beside a peer or the limit, in one run: ``make bench``."""
