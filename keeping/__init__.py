"""What must not get lost: the audit trail, which nobody can change unnoticed, and the backups."""
