"""Names of the files that people write beside the output, and that a run reads."""

ACTIONS_FILE = "actions.toml"
REPLIES_FILE = "replies.toml"
DESK_FILE = "cases.csv"
