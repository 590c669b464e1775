"""What the models learn from: public sets, and our own texts."""
