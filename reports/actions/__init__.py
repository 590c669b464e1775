"""What was done about a subject, and whether it helped: actions.toml -> ACTIONS, ACTION_WEEKS."""

from reports.actions.judge import ActionRules, judge_actions
from reports.actions.plan import Action, ActionError, read_actions

__all__ = ["Action", "ActionError", "ActionRules", "judge_actions", "read_actions"]
