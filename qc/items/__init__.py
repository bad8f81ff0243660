"""Items that people decide on: names, decisions, states, and what is shown of them."""
