"""Texts -> vectors and features: the encoders that ship, and what they are made of."""
