"""A ZIP made while it is read: no more than one of its files is ever held."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator

#: Packed already.
PACKED = (".pdf",)


class Passing(io.BytesIO):
    """Hands on what is done. The writer goes back to the beginning of its entry, no further."""

    taken = 0

    def tell(self) -> int:
        return self.taken + super().tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation
        return self.taken + super().seek(offset - self.taken)

    def take(self) -> bytes:
        done = self.getvalue()
        self.taken += len(done)
        super().seek(0)
        self.truncate()
        return done


def zipped(files: Iterable[tuple[str, bytes]], moment: dt.datetime) -> Iterator[bytes]:
    """The same files at the same moment give the same bytes."""
    passing = Passing()
    with zipfile.ZipFile(passing, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type = (
                zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
            )
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
            yield passing.take()
    yield passing.take()
