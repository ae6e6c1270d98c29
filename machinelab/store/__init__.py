"""What is kept: run folders, references, a learner's answers."""
