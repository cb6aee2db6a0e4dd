"""Who may deal with readers' reports: the editors of the place; auditors look at them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = {
    "市级管理员": ("view", "change"),
    "县区编辑": ("view", "change"),
    "审计": ("view",),
}


def give(apps, schema_editor):
    """Permissions are otherwise made after all migrations; on an empty database the groups need them now."""
    alias = schema_editor.connection.alias
    config = apps.get_app_config("reports")
    was = getattr(config, "models_module", None)
    config.models_module = True  # an app of a migration has none, and is passed over without
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = was
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(
        content_type__app_label="reports"
    )
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, actions in ROLES.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=[f"{action}_report" for action in actions]))


def take(apps, schema_editor):
    alias = schema_editor.connection.alias
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    of_reports = permissions.filter(content_type__app_label="reports")
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=ROLES):
        group.permissions.remove(*of_reports)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("guides", "0009_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, take)]
