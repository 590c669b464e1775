"""Personal data made of digits: cards, accounts, ids, telephones."""
