"""Page objects, one portal family a file."""
