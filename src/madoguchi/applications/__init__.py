"""APPLICATION: forms, uploads, submission, and the applicant's access to the case."""
