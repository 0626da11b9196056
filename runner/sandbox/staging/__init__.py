"""Files of an account: where stages keep them, how they are named, read, loaded and written."""
