"""What the staff desk tells: what needs a hand, whether the site is well, what happened lately.

Nothing here changes a row, and nothing costs more queries when there are more classes or people.
"""
