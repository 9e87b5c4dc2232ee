"""User journeys, one a file."""
