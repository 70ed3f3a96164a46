"""Pages of the reform office: for everybody, the boards, and at the desk."""
