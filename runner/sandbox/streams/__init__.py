"""Change tracking and the streams that read it (user-guide/streams-intro)."""
