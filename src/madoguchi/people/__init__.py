"""PEOPLE: officers, their posts, the actor of an action, and who may do what."""
