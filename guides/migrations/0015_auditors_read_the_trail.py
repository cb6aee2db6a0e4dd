"""审计 may look at the audit trail."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

AUDITOR = "审计"
PERMISSION = {"content_type__app_label": "keeping", "codename": "view_auditentry"}


def allow(apps, schema_editor):
    """The permission is otherwise made after all migrations."""
    alias = schema_editor.connection.alias
    config = apps.get_app_config("keeping")
    was = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = was
    permission = apps.get_model("auth", "Permission").objects.using(alias).get(**PERMISSION)
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name=AUDITOR):
        group.permissions.add(permission)


def forbid(apps, schema_editor):
    alias = schema_editor.connection.alias
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(**PERMISSION)
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name=AUDITOR):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [("guides", "0014_spread"), ("keeping", "0001_audit_entry")]

    operations = [migrations.RunPython(allow, forbid)]
