"""The run in a few lines: for the Prefect page, for the terminal, for machines."""

from __future__ import annotations

from typing import Any

from flows.engine.run import Run


def summarise_run(run: Run) -> dict[str, Any]:
    """Give the facts of a run that people and scripts ask for first; no customer text."""
    read = run.record.facts.get("ingest", {})
    alerts = run.record.facts.get("alerts", {})
    return {
        "run_id": run.record.run_id,
        "as_of": str(run.as_of) if run.as_of else None,
        "read": read.get("read", 0),
        "new": read.get("kept", 0),
        "known": read.get("known", 0),
        "set_aside": read.get("rejected", 0),
        "unchanged_sources": len(read.get("unchanged", [])),
        "refused_sources": read.get("refused", []),
        "comments": run.record.facts.get("comment_count", 0),
        "topics": run.record.facts.get("topic_count", 0),
        "alerts_open": alerts.get("open", 0),
        "alerts_opened_today": alerts.get("opened_today", 0),
        "report": run.store.full_path("report/index.html"),
        "summaries": run.store.full_path("summaries"),
        "alerts": run.store.full_path("alerts.parquet"),
        "record": run.store.full_path(f"runs/{run.record.run_id}.json"),
        "warnings": run.record.warnings,
    }


def terminal_summary(facts: dict[str, Any]) -> str:
    """Give the last lines of a good run: what was found, and where to look."""
    unchanged = facts["unchanged_sources"]
    if unchanged and not facts["read"]:
        lines = [f"Nothing new: {unchanged} sources are as the last run read them"]
    elif not facts["read"] and not facts["comments"]:
        lines = [
            "Nothing was read: the inputs hold no comments. See what was found in them: voc inspect FILE"
        ]
    else:
        lines = [
            f"{facts['read']:,} comments read: {facts['new']:,} new, {facts['known']:,} known, "
            f"{facts['set_aside']:,} set aside (reasons in the report and in tables/rejected)"
        ]
    if facts["comments"]:
        lines.append(f"{facts['comments']:,} comments in all, {facts['topics']} topics, {_alerts(facts)}")
    lines += [f"Warning: {warning}" for warning in facts["warnings"]]
    lines += [f"Not read: {name}: {why}" for name, why in facts["refused_sources"]]
    lines += [
        "",
        f"Report     {facts['report']}",
        f"Summaries  {facts['summaries']}",
        f"Alerts     {facts['alerts']}",
        f"Run record {facts['record']}",
    ]
    return "\n".join(lines)


def _alerts(facts: dict[str, Any]) -> str:
    count, fresh = facts["alerts_open"], facts["alerts_opened_today"]
    words = f"{count} alert{'' if count == 1 else 's'} open"
    return f"{words}, {fresh} raised on {facts['as_of'] or 'the last day'}" if fresh else words


def markdown_summary(run: Run) -> str:
    """Give the run as the Markdown artifact of its Prefect page."""
    facts = summarise_run(run)
    lines = [
        f"# Voice of the customer, {facts['as_of'] or 'no dated comments'}",
        "",
        "| | |",
        "|---|---|",
        f"| comments read | {facts['read']:,} |",
        f"| new / known / set aside | {facts['new']:,} / {facts['known']:,} / {facts['set_aside']:,} |",
        f"| comments in all | {facts['comments']:,} |",
        f"| topics | {facts['topics']} |",
        f"| open alerts | {facts['alerts_open']} |",
        f"| report | `{facts['report']}` |",
        "",
        "| stage | seconds | peak memory, MB | skipped |",
        "|---|---|---|---|",
    ]
    for entry in run.record.stages:
        cells = (
            entry["stage"],
            entry.get("seconds", ""),
            entry.get("peak_memory_mb", ""),
            "yes" if entry.get("is_skipped") else "",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += [f"\n**Warning:** {warning}" for warning in facts["warnings"]]
    return "\n".join(lines)
