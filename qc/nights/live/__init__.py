"""What runs all day: the inbox watched, and instruments listened to."""
