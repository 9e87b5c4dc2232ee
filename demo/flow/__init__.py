"""What a portal does for those who log in: sessions, dossiers, the data store. How it looks is the families' matter."""
