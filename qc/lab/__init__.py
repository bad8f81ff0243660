"""The lab as a low room: its folder, settings, catalogue, pseudonyms and the doors to its stores."""
