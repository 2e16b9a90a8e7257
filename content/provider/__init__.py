"""Who gives the training, as certificates print it: one row, on no public page."""
