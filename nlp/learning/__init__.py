"""A company's labelled comments -> how good the models are on them, and heads that are better."""
