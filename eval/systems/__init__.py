"""What a suite is put to: our own archive, and null systems that no metric should prefer to it."""
