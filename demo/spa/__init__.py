"""Portals drawn in the browser: a shell, a script with the page's words inside, and the JSON behind it."""
