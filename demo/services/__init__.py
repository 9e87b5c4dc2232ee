"""Services that the portals share, each on a host of its own: identity provider, remote signing, payment."""
