"""Users, organisations, roles and grants."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anlan.kernel.ids import new_id
from anlan.platform.scope.models import FunctionalZone, Region, ScopedModel


class Organisation(ScopedModel):
    """A bureau, park, enterprise or team that users belong to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=128)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "region"), name="organisation_once"),)


class User(AbstractBaseUser):
    """An account. Visible to administrators who see its organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"


class Role(models.Model):
    """A role by its code, with the permissions that it carries now."""

    code = models.CharField(max_length=32, primary_key=True)
    zh = models.CharField(max_length=64)
    en = models.CharField(max_length=64)
    permissions = ArrayField(models.CharField(max_length=64), default=list)


class KnownPermission(models.Model):
    """A permission whose first roles were given; later changes are the administrators'."""

    code = models.CharField(max_length=64, primary_key=True)


class Grant(models.Model):
    """A role held by a user within one region and all below it, or within one zone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", db_column="region"
    )
    zone = models.ForeignKey(
        FunctionalZone, null=True, on_delete=models.PROTECT, related_name="+", db_column="zone"
    )
    granted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(region__isnull=True) ^ Q(zone__isnull=True), name="grant_in_region_or_zone"
            ),
            models.UniqueConstraint(
                fields=("user", "role", "region", "zone"), name="grant_once", nulls_distinct=False
            ),
        )


class SignInAttempt(models.Model):
    """One try to sign in, kept for the lock-out. *account* is the name as typed, folded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.CharField(max_length=64)
    source_ip = models.GenericIPAddressField()
    at = models.DateTimeField()
    succeeded = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=("account", "at"), name="attempt_by_account"),
            models.Index(fields=("source_ip", "at"), name="attempt_by_source"),
        )
