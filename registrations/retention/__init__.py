"""What is erased when. Nothing else in the site decides how long something is kept."""

from registrations.retention.rules import Time
from registrations.retention.table import RULES, erase_what_is_due

__all__ = ["RULES", "Time", "erase_what_is_due"]
