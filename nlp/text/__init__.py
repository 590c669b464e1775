"""What stages know about the wording of a text, without any model."""
