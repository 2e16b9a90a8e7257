"""What staff have written in Spanish, what is missing, and what a speaker has read."""
