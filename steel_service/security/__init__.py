"""Who may ask the service for what: roles, keys, tokens, limits and the audit log; no route lives here.

`Guard` stands before the routes and finds out who asks (a `Principal`); `requires` says at the routes which `Role` they
need. SECURITY.md says what is promised and docs/decisions/0006-keys-and-tokens.md why it is done this way.
"""

from steel_service.security.principals import Principal, Role
from steel_service.security.required_role import requires

__all__ = ["Principal", "Role", "requires"]
