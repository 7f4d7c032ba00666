"""Population grids; the one of highest rank counts."""

from django.db import models

from anlan.kernel.ids import new_id


class Grid(models.Model):
    """Persons per cell on longitude and latitude; see `science.exposure.PopulationGrid`.

    *persons* is float32, (variants, rows, columns), row by row from the north. Among
    grids that cover a place the one of the highest *rank* counts, then the newest.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    rank = models.IntegerField(default=0)
    west = models.FloatField()
    north = models.FloatField()
    cell_deg = models.FloatField()
    variants = models.PositiveSmallIntegerField()
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    persons = models.BinaryField()
    method = models.CharField(max_length=400)
    source = models.CharField(max_length=256)
    data_time = models.DateTimeField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-rank", "-loaded_at")

    def __str__(self) -> str:
        return self.name
