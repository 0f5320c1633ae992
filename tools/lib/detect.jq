# One detector's enriched lines as text: what it found, then what the answer
# rests on. $colour, $lab ("21", or "" for a program of one's own).
include "text";

def rests:
  if .status == "clean" then "Nothing found: \(.basis)."
  elif .status == "found" then
    (.basis | (.[0:1] | ascii_upcase) + .[1:]) + "."
  elif .status == "broken" then
    "\(.detector) does not work here: \(.reason // .basis). make doctor says why."
  else "No answer: \(.reason // .basis)." end;

def outcome:
  "  \(.count | tostring | (" " * ([5 - length, 0] | max) // "") + .)  \(.end | padded(18))"
  + (.stdout | visible | rtrimstr("\n") | gsub("\n"; " / ") | cut(50));

map(select(.type == "finding")) as $findings
| map(select(.type == "summary")) | last as $summary
| ($findings | map(select(.severity == "error")) | length) as $errors
| ($findings | unique_by([.kind, .severity == "note"])
    | map([.kind, .severity])) as $kinds
| [ (if $summary.outcomes then
       "", "  count  how it ended      what it printed",
       ($summary.outcomes[] | outcome) else empty end),
    ($findings | sort_by([.severity, .kind == "exit-code"])[] | "", told_finding($colour; true)),
    "",
    ($summary | rests | wrap("")),
    (if $summary.status == "clean" and $lab != "" then
       ("That says nothing was seen, not that nothing is wrong: another detector may see more, and make check LAB=\($lab) asks them all." | wrap(""))
     else empty end)
  ] | join("\n")
