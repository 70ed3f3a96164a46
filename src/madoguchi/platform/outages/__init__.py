"""What is away for a while: known as such, told once, tried again."""
