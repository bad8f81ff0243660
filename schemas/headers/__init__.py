"""Which table a text holds: what files call our columns, where a table begins and ends, and what its cells say."""
