"""What keeps runs harmless: rate caps, maintenance windows, redaction, retention."""
