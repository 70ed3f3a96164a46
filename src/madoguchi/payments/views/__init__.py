"""The pages behind the secret link."""
