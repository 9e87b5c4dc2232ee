"""Carries run requests from the scheduler to the workers."""
