"""portalwatch: synthetic monitoring for public-service portals."""

__version__ = "0.1.0"
