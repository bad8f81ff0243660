"""What a lab does without anybody: its nights, and the pages that tell of them."""
