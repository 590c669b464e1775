"""How things are drawn and written safely: templates, pictures, spreadsheets."""
