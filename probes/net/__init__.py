"""What the http and the tls probe share: names, phases, page text, certificates."""
