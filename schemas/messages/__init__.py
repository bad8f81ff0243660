"""Messages of analysers as segments, records and orders, before anybody knows what their results mean."""
