"""An officer's own account: where one is signed in, the pages of django-allauth."""
