"""From stored runs to judged ones: rows, limits, rules, states."""
