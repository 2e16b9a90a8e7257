import datetime as dt
from collections.abc import Iterable

from content.spanish.models import Reading
from content.spanish.texts import Text


def mark_read(texts: Iterable[Text], *, reader: str, now: dt.datetime) -> int:
    """A speaker has read these. Returns how many; what has no Spanish cannot be read."""
    written = [text for text in texts if text.spanish]
    for text in written:
        Reading.objects.update_or_create(
            what=text.what,
            key=text.key,
            field=text.field,
            defaults={"fingerprint": text.fingerprint, "reader": reader, "read_at": now},
        )
    return len(written)
