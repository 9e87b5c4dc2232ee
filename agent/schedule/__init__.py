"""When: which slots are due, waking for them, and what was missed."""
