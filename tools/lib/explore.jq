# From rl-explore's one object to the lines of a detector: its findings, the
# one to look at first in front, and a summary.

# What a run shows comes after what is wrong in it.
def weight:
  {"exit-code": 2, "wrong-output": 1, "crash": 1, "timeout": 1}[.kind] // 0;

# A race, and how it shows, in one message.
def with_symptoms:
  if (.shows_as // []) == [] then .
  else .message += " (It shows as " + (.shows_as | map(.kind) | unique
    | join(", ")) + ".)" end;

def line:
  with_symptoms
  | {type: "finding", kind, severity, detector: "explore", message, variable,
     threads: [.threads[] | .role = .name | del(.name)]}
    + (if .cycle == [] then {} else {cycle} end)
    + (with_entries(select(.value != null
        and (.key | IN("expected", "got", "replay")))))
    + {seen, of: ([.of, .seen] | max)};

(.findings | sort_by(.severity, weight)[] | line),
({type: "summary", detector: "explore",
  status: ({"bug": "found", "clean": "clean"}[.verdict] // "no-answer"),
  runs: .schedules, basis}
 + (if .reason then {reason} else {} end))
