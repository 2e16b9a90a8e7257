"""The certificate itself: its number, what it says, and the paper. No rows, no clock."""
