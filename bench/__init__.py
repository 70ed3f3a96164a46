"""The speed program: the complete application beside the bare insert, in one run (`make bench`)."""
