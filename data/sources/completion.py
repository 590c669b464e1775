"""A tool's plan, completed: what the settings say, what other columns mean, which date order fits."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from data.sources.cells.answers import answers_of
from data.sources.cells.columns import look_at, match_name, normal_name
from data.sources.cells.kinds import day_first_hints
from data.sources.cells.roles import fits
from data.sources.raw import Plan, Records, SourceOptions, SourceRules

LABELS = ("product", "region", "channel", "brand", "location", "customer_id", "order_id")
WHOLE_NAME = 0.9  # score of a column that is called so, and not only in part


def complete(plan: Plan, records: Records, *, options: SourceOptions, rules: SourceRules) -> Plan:
    """Complete the plan of a tool's source.

    Args:
        plan: what the tool's columns mean.
        records: the file as its reader gives it.
        options: the settings; they have the last word.
        rules: numbers of the readers.
    """
    seen = plan.records or records
    plan = _with_options(plan, seen, options)
    if plan.content != "comments":
        return plan
    sample = next(iter(seen.chunks(rules.sample_rows))).values
    plan = _with_labels(plan, sample, rules)
    hints = day_first_hints((), seen, sample, plan.answers)
    return replace(plan, day_first_hints=(*plan.day_first_hints, *hints))


def _with_options(plan: Plan, records: Records, options: SourceOptions) -> Plan:
    names = {normal_name(name): name for name in reversed(records.names)}
    roles, why, answers = dict(plan.roles), dict(plan.why), plan.answers
    for role, stated in options.columns.items():
        wanted = [stated] if isinstance(stated, str) else stated
        found = [names[normal_name(one)] for one in wanted if normal_name(one) in names]
        if found and role == "text":
            answers = answers_of(found)
        elif found:
            roles[role], why[role] = found[0], "named in the settings"
    if options.kind:
        why["kind"] = "named in the settings"
    return replace(plan, kind=options.kind or plan.kind, roles=roles, why=why, answers=answers)


def _with_labels(plan: Plan, sample: pa.Table, rules: SourceRules) -> Plan:
    """Find products, regions, orders ... in columns that a company has added to the tool's."""
    roles, why = dict(plan.roles), dict(plan.why)
    taken = {*roles.values(), *(answer.column for answer in plan.answers)}
    for role in LABELS:
        if role in roles:
            continue
        matches = [(match_name(name, role), name) for name in sample.column_names if name not in taken]
        named = [(m, name) for m, name in matches if m.score >= WHOLE_NAME]
        for match, name in sorted(named, key=lambda found: -found[0].score):
            if fits(role, look_at(sample[name], rules.statistics_values), sample[name], rules):
                roles[role], why[role] = name, f"the name says '{match.alias}'"
                taken.add(name)
                break
    return replace(plan, roles=roles, why=why)
