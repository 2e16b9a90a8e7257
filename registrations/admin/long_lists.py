"""Lists of what there can be very much of: they count no further than anybody turns pages."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    Pages = Paginator[Any]
else:
    Pages = Paginator


class MoreThan(int):
    """A count that was ended there; a list prints it so."""

    __slots__ = ()

    def __str__(self) -> str:
        return _("more than %(count)s") % {"count": f"{int(self):,}"}


class LongList(Pages):
    """The pages of the first thousand. Who looks for something older searches or filters."""

    object_list: QuerySet[Any]
    most = 1_000

    @cached_property
    def count(self) -> int:
        found = self.object_list.order_by().values("pk")[: self.most + 1].count()
        return MoreThan(self.most) if found > self.most else found


class ListByKeys(LongList):
    """Where sorting takes work, keys are sorted: whole rows are read of one page alone."""

    def page(self, number: int | str) -> "Page[Any]":
        found = super().page(number)
        keys: QuerySet[Any] = found.object_list  # type: ignore[assignment]  # a slice of the rows
        found.object_list = self.object_list.filter(pk__in=keys.values("pk"))
        return found
