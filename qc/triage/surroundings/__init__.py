"""What a lab stands on: file system, disk, clock, rights, and the packages that are installed beside it."""
