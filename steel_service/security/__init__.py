"""Who may ask the service for what: roles, keys, tokens, limits and the audit log; no route lives here.

`Guard` stands before the routes, finds out who asks (a `Principal`) and whether their `Role` may; access.py has the
table of roles. SECURITY.md says what is promised and docs/decisions/0006-keys-and-tokens.md why it is done this way.
"""

from steel_service.security.principals import Principal, Role

__all__ = ["Principal", "Role"]
