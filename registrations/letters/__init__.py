"""What the letters say, and how one becomes a mail."""
