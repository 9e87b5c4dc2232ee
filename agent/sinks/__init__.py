"""Where results go: one module a sink, and the catalogue of all they carry."""
