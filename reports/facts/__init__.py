"""What several numbers rest on: complaints, subjects, worth, intervals."""
