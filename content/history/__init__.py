"""Who changed what in the words, the course and the classes, when, and what it was before.

People have a history of their own, `RegistrationEvent`: it is erased with them.
"""
