"""What a lab is made of: its settings, its coded reasons, its folders."""
