"""Users, organisations, roles, grants, and the principal who acts."""
