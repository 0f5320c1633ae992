# The outcomes of many runs as a table. $lab, $right (the right output or "").
include "text";

def row:
  "  \(.count | tostring | (" " * ([5 - length, 0] | max) // "") + .)  \(.end | padded(12)) "
  + (if $right == "" then ""
     elif .stdout == $right then "right   " else "WRONG   " end)
  + (.stdout | visible | rtrimstr("\n") | gsub("\n"; " / ") | cut(48));

def advice:
  if $lab == "" then "Next: tools/racelab tsan FILE.c -- ARGUMENTS, or check."
  else "Next: make tsan LAB=\($lab) asks a detector, make holdone LAB=\($lab) tries the awkward orders." end;

map(select(.type == "summary")) | last
| [ (if .outcomes then
       "  count  ended        " + (if $right == "" then "" else "output  " end) + "stdout",
       (.outcomes[] | row) else empty end),
    "",
    (if .status == "broken" then "It could not be run: \(.reason // .basis)"
     elif .status == "no-answer" then "No answer: \(.reason // .basis)."
     elif (.outcomes // [] | length) > 1 then
       "The same program, the same arguments, \(.outcomes | length) outcomes."
     elif .status == "clean" and $right != "" then
       "Every run was right. That is what luck looks like too."
     else "Every run ended the same way." end | wrap("")),
    (advice | wrap(""))
  ] | join("\n")
