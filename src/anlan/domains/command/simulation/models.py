"""Tables of scenarios and of what they came to."""

from django.db import models
from django.db.models import Q

from anlan.domains.command.simulation.states import Hazard, ScenarioState
from anlan.platform.geo.fields import BoxField, GeometryField, bounds_index
from anlan.platform.scope.models import ScopedModel


class Scenario(ScopedModel):
    """What might happen, or is happening, at a place: the parameters of one engine.

    ``job`` is the last job that was asked for, ``simulation`` the result of the parameters as
    they now are; editing them takes it away. ``weather_source`` says where the wind comes from
    when it was taken from the county's weather. ``revises`` is the scenario of the report before,
    of the same earthquake.
    """

    id = models.UUIDField(primary_key=True)
    title = models.CharField(max_length=200)
    hazard = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    params = models.JSONField()
    input_hash = models.CharField(max_length=64, db_index=True)
    geometry = GeometryField()
    bounds = BoxField()
    weather_source = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, default=ScenarioState.DRAFT.value)
    job = models.UUIDField(null=True)
    simulation = models.UUIDField(null=True)
    revises = models.UUIDField(null=True)
    incident_id = models.UUIDField(null=True, db_index=True)
    thread = models.UUIDField(null=True, db_index=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-created_at", "id")
        indexes = (bounds_index("scenario_bounds"),)
        constraints = (
            models.CheckConstraint(
                name="scenario_hazard_known", condition=Q(hazard__in=[hazard.value for hazard in Hazard])
            ),
            models.CheckConstraint(
                name="scenario_computed_with_its_result",
                condition=Q(state=ScenarioState.COMPUTED.value, simulation__isnull=False)
                | Q(state=ScenarioState.DRAFT.value, simulation__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.title


class Simulation(ScopedModel):
    """A result, written once and never changed: one for each question in a place.

    *summary* is the engine's own (figures, levels, caveats, manifest), *zones* its outlines as GeoJSON, *people* who
    lives inside each, *losses* what an earthquake does to people and buildings by county, *actions* what follows for
    those who respond; *files* names rasters and outlines in the store.
    What else lies inside is asked anew by each reader, within their own scope. ``scenario_id`` is the first that asked.
    """

    id = models.UUIDField(primary_key=True)
    scenario_id = models.UUIDField(db_index=True)
    title = models.CharField(max_length=200)
    hazard = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    input_hash = models.CharField(max_length=64)
    params = models.JSONField()
    summary = models.JSONField()
    zones = models.JSONField()
    people = models.JSONField()
    actions = models.JSONField()
    files = models.JSONField()
    farthest_m = models.FloatField()
    run = models.UUIDField()
    people_run = models.UUIDField(null=True)
    losses = models.JSONField(null=True)
    losses_run = models.UUIDField(null=True)
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=80)
    thread = models.UUIDField(null=True, db_index=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("-computed_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="simulation_once_per_question_and_place",
                fields=("region", "zone", "timeline", "input_hash"),
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.input_hash[:12]}"
