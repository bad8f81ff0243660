"""How the screens and a terminal talk: keys in their order, cells that changed, the clipboard, a first picture."""
