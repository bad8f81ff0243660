"""Plan: its lock, told before anybody looks, and how it changed."""
