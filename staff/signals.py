"""What happens at the door, for whoever keeps a record of it.

Django says ``user_logged_in``, ``user_logged_out`` and ``user_login_failed``, axes says ``user_locked_out`` (for each attempt
while an account is locked). These are the others; ``sender`` is always ``User``.
"""

from django.dispatch import Signal

account_unlocked = Signal()
"""A superuser ended a lockout: ``username`` (str, may belong to nobody), ``network`` (str, "" when unknown), ``by`` (User), ``request``."""

second_factor_enrolled = Signal()
"""Somebody set up his second factor: ``user`` (User), ``request``."""

second_factor_reset = Signal()
"""A second factor was taken away: ``user`` (User), ``by`` (User, or None for the command), ``request`` (None for the command)."""

password_changed = Signal()
"""A password was set: ``user`` (User). By whom is not known here: by himself, in the admin, by a command.

Not sent for an account that ``createsuperuser`` or ``create_user`` makes together with its password.
"""
