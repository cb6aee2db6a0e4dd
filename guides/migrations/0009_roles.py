"""The roles of the staff as groups, with what each may do anywhere; where they may do it is a duty's business."""

from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations

OFFICES = {"offices": ("office", "openinghours", "phone")}
GUIDES = {"guides": ("guide", "guideoffice", "channel", "material", "note", "step", "timelimit")}
OF_A_CITY = {
    "offices": ("city", "county", *OFFICES["offices"]),
    "guides": (*GUIDES["guides"], "handbook", "correction", "finding", "revision", "proposal"),
}
OF_ALL = {
    "offices": ("calendaryear", "specialday"),
    "guides": (
        "matter",
        "alias",
        "category",
        "audience",
        "lifeevent",
        "lifeeventstep",
        "term",
        "unfoundquery",
    ),
}
AT_THE_WINDOW = {
    "offices": OF_A_CITY["offices"],
    "guides": (*GUIDES["guides"], "handbook"),
}
VIEW, CHANGE, ALL = ("view",), ("change",), ("add", "change", "delete")
ON_THE_PAGES = {
    "offices": ("openinghours", "phone"),
    "guides": tuple(model for model in GUIDES["guides"] if model != "guide"),
}
ROLES = {
    "市级管理员": (
        (VIEW, OF_A_CITY),
        (VIEW, OF_ALL),
        (ALL, OFFICES),
        (ALL, GUIDES),
        (("add", "change"), {"offices": ("county",)}),
        (CHANGE, {"guides": ("finding", "proposal")}),
    ),
    "县区编辑": (
        (VIEW, OF_A_CITY),
        (VIEW, OF_ALL),
        (CHANGE, {"offices": ("office",), "guides": ("guide",)}),
        (ALL, ON_THE_PAGES),
    ),
    "窗口人员": ((VIEW, AT_THE_WINDOW), (VIEW, OF_ALL)),
    "审计": ((VIEW, OF_A_CITY), (VIEW, OF_ALL)),
}


def make_roles(apps, schema_editor):
    """Permissions are otherwise made after all migrations; on an empty database these groups need them now."""
    alias = schema_editor.connection.alias
    for label in ("offices", "guides"):
        config = apps.get_app_config(label)
        was = getattr(config, "models_module", None)
        config.models_module = True  # an app of a migration has none, and is passed over without
        create_permissions(config, verbosity=0, apps=apps, using=alias)
        config.models_module = was
    permissions = {
        (found.content_type.app_label, found.codename): found
        for found in apps.get_model("auth", "Permission").objects.using(alias).select_related("content_type")
    }
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, grants in ROLES.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(
            *(
                permissions[label, f"{action}_{model}"]
                for actions, models in grants
                for label, names in models.items()
                for model in names
                for action in actions
            )
        )


class Migration(migrations.Migration):
    dependencies = [
        ("guides", "0008_proposal_lines"),
        ("offices", "0004_versions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # Back, the groups stay: with them would go who is in which role, and the step forward finds them again.
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
