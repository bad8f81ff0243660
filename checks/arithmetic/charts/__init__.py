"""Control charts, targets and Westgard rules as pure numbers."""
