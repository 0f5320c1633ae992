# From rl-explore's one object to the lines of a detector: its findings, the
# one to look at first in front, and a summary.

include "bounded";

# What a run shows comes after what is wrong in it.
def weight:
  {"exit-code": 2, "wrong-output": 1, "crash": 1, "timeout": 1}[.kind] // 0;

(.findings | sort_by(.severity, weight)[] | .type = "finding"),
({type: "summary", detector: "explore",
  status: ({"bug": "found", "clean": "clean"}[.verdict] // "no-answer"),
  runs: .schedules, basis}
 + (if .reason then {reason} else {} end) | bounded)
