# What the formats of tools/formats share: the parts of a report and the
# words for them, without any markup.
include "safe";
include "text";

# The stages of a result; one that could not be judged has one of its own.
def cases:
  if .stages == [] then
    [{name: "check", verdict, reason, points: (.points // 0), max}]
  else .stages end;

# The findings for which a stage fails, or of which no tool is sure.
def grave:
  (.findings // [])
  | map(select(.severity == "error" or .verdict == "unsure"));

# What one is called: the lab, or the program.
def called: .lab // .file | flat;

# What a stage says of itself.
def said:
  if .verdict == "pass" then .basis // ""
  else .reason // .basis // "" end | flat;

# Who of a finding does what, where; and the source there.
def thread_line($finding):
  "\(who) \(does($finding))\(object($finding))\(locks_told)"
  + (if place == "" then "" else " at \(place)" end) | flat;

def thread_text: .text // "" | flat;

# A finding as lines of plain text.
def told:
  . as $finding
  | ("\(.title) (\(.kind), \(.detector)): \(.message)" | flat),
    (if .expected != null then "right:", (.expected | clean) else empty end),
    (if .got != null then "this run:", (.got | clean) else empty end),
    (.threads[]
      | "  " + thread_line($finding)
        + (thread_text | if . == "" then "" else "  | " + . end)),
    (.missing // empty | flat),
    (.ask // "" | if . == "" then empty else "Question: " + flat end);

# Where something of a result is, as a path relative to where check ran: the
# files of a program stand beside its first one, whatever a #line says.
def folder:
  if startswith("/") or test("(^|/)\\.\\.(/|$)") then []
  else split("/") | .[:-1] | map(select(. != "" and . != ".")) end;

def path_of($result):
  ($result.file | folder) + [(. // $result.file | split("/") | last)]
  | join("/") | clean | gsub("[\n\t]"; "?");
