"""The twins of the screens: the same as JSON, and as plain lines."""
