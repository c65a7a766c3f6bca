"""Who may open the dashboard: people sign in with a key of the service, and each session asks with its own.

``visitor`` is who came and what their cookie holds, ``secret`` what the cookie is signed and encrypted by, ``door`` who
is let in, ``handlers`` the addresses ``/login`` and ``/logout``, ``sheet`` what they show. Cookies, pages and sockets
are guarded by Panel's own authentication, which asks the ``Door``.
"""
