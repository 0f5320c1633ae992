# From what the stages left to verdicts. Input: the stages that answered
# themselves; $told: the judged, enriched lines of the others, each with its
# stage; $order: the names of the stages, one a line.
# Output: {verdict, failed, missing, stages}; missing is a stage that has to
# be run because nothing before it failed.

def from_lines($name):
  map(select(.stage == $name))
  | map(select(.type == "summary")) as $summaries
  # Of all findings an exit code says least of what is wrong.
  | (map(select(.type == "finding") | del(.type, .stage))
     | sort_by([.severity, .kind == "exit-code"])) as $findings
  | ($summaries | last) as $summary
  | if $summary == null then null else
      ($findings | map(select(.severity == "error" and .verdict == null
                              or .verdict == "error"))) as $errors
      | ($findings | map(select(.verdict == "unsure"))) as $unsure
      | {name: $name,
         verdict: (if $errors != [] then "fail"
                   elif $summary.status == "broken" then "broken"
                   elif $unsure != [] then "unsure"
                   elif $summary.status == "no-answer" then "unsure"
                   else "pass" end),
         basis: $summary.basis,
         findings: $findings}
      | if .verdict == "fail" then
          .kind = $errors[0].kind
          | .reason = "\($errors[0].title): \($errors[0].message)"
        elif .verdict == "broken" or $summary.status == "no-answer" then
          .reason = ($summary.reason // $summary.basis)
        elif .verdict == "unsure" then
          .reason = ($unsure[0].why // $unsure[0].message)
        else . end
    end;

. as $answers
| ($order | split("\n") | map(select(. != ""))) as $names
| [ $names[] as $name
    | (($answers | map(select(.name == $name)) | .[0])
       // ($told | flatten | from_lines($name))
       // {name: $name, verdict: "missing", basis: ""}) ]
| (map(.verdict == "fail" or (.name == "build" and .verdict != "pass"))
    | index(true)) as $stop
| (if $stop == null then . else
     .[0:$stop + 1] + (.[$stop + 1:] | map({name, verdict: "skipped",
       basis: "", reason: "an earlier stage failed"})) end) as $stages
| ($stages | map(select(.verdict == "missing")) | .[0].name) as $missing
| {verdict: ($stages | map(.verdict) |
     if index("fail") then "fail"
     elif index("broken") then "broken"
     elif index("unsure") then "unsure"
     else "pass" end),
   failed: (if $stop == null then null else $stages[$stop].name end),
   kind: (if $stop == null then null else $stages[$stop].kind end),
   reason: (($stages | map(select(.verdict == "fail" or .verdict == "broken"
             or .verdict == "unsure")) | .[0])
            | if . == null then null else "\(.name): \(.reason)" end),
   missing: $missing,
   stages: $stages}
