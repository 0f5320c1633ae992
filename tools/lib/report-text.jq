# The report as text. $full: every stage, and the first failure at length.
include "text";
include "safe";

def verdict_word:
  {"pass": "pass", "fail": "FAIL", "unsure": "unsure", "broken": "BROKEN",
   "skipped": "skipped"}[.];

def tinted($verdict):
  if $colour | not then .
  elif $verdict == "pass" then "\u001b[32m\(.)\u001b[0m"
  elif $verdict == "fail" then "\u001b[31m\(.)\u001b[0m"
  elif $verdict == "skipped" then .
  else "\u001b[33m\(.)\u001b[0m" end;

def word($n): . as $v | verdict_word | padded($n) | tinted($v);

def score: if .max == 0 then "" else "\(.points // "-")/\(.max)" end;

def stage_line:
  "  \(.name | padded(11)) \(.verdict | word(8)) \(score | padded(6))"
  + ((if .verdict == "pass" then .basis
      elif .verdict == "skipped" then ""
      elif .kind then .kind
      elif .findings then .reason // .basis
      else "" end) | visible | gsub("\n"; " ") | cut(49))
  | sub(" +$"; "");

def overruled:
  [.stages[] | (.findings // [])[] | select(.was == "error" and .severity == "note")
    | .message]
  | unique | map(wrap("  "));

def stage_told:
  ((.findings // []) | map(select(.severity == "error"))) as $errors
  | if $errors == [] then
      (if .reason then ("At the stage \(.name): \(.reason | visible)" | wrap("")) else empty end)
    else
      (if .name == $errors[0].detector then empty
       else "At the stage \(.name):" end),
      ($errors[0] | told_finding($colour; true)),
      (if ($errors | length) > 1 then
         "", "and \(($errors | length) - 1) more; the first is the one to look at."
       else empty end)
    end;

def number: if .lab then .lab | split("-")[0] else "" end;

def next_step:
  if .lab == null or .verdict != "fail" or .failed == "build" then empty
  else
    . as $r
    | (["tsan", "helgrind", "holdone", "plain", "explore"] | index($r.failed)) as $own
    | ([.stages[] | select(.verdict == "fail") | (.findings // [])[] | .replay // empty] != []) as $kept
    | (if $own and $kept then "make replay LAB=\(number) shows it step by step; "
       elif $own then "make \(.failed) LAB=\(number) shows it again; " else "" end)
      + "make hint LAB=\(number) gives a hint."
  end;

def sum_up:
  if .verdict == "pass" then
    ("pass" | tinted("pass"))
    + (if .max > 0 then ": \(.points) of \(.max) points." else ": nothing found." end)
  elif .verdict == "fail" then
    ("FAIL" | tinted("fail"))
    + (if .max > 0 then ": \(.points) of \(.max) points." else "." end)
    + " First failure: \(.failed)"
    + (if .kind then " (\(.kind))." else "." end)
  elif .verdict == "unsure" then
    "unsure: the tools disagree and a person must look. \(.points) of \(.max) points; none is lost for it."
  elif .verdict == "broken" then
    "BROKEN: a tool or this machine, not the program. No points are counted. Run make doctor."
  else "skipped: \(.reason)" end;

def full_result:
  (if .lab then "\(.lab | strong($colour)): \(.title)" else (.file | visible | strong($colour)) end),
  (if .lab then .file | visible else empty end),
  "",
  (.stages[] | stage_line),
  (if .stages == [] then empty else "" end),
  ((.stages | map(select(.verdict == "fail" or .verdict == "unsure" or .verdict == "broken"))
    | .[0]) | if . == null then empty else stage_told, "" end),
  (overruled | if . == [] then empty else .[], "" end),
  (sum_up | wrap("")),
  (next_step // empty | wrap("")),
  (if .lab == null then
     ("Not judged: whether the output is right"
      + (if any(.stages[]; .name == "output") then " for other arguments" else " (give --output FILE)" end)
      + ", and whether it still runs concurrently." | wrap(""))
   else empty end);

def short_result:
  "\(.verdict | word(8)) \((.lab // .file) | visible | padded(27)) \(score | padded(7)) "
  + ((if .verdict == "fail" then (if .kind then "\(.failed): \(.kind)" else .reason end)
      elif .verdict == "pass" then ""
      else .reason // "" end) | visible | gsub("\n"; " ") | cut(34))
  | sub(" +$"; "");

def many:
  (.results[] | short_result),
  "",
  "\(.counts.pass) of \(.results | length) pass, \(.points) of \(.max) points"
  + ([.counts | to_entries[] | select(.key != "pass" and .value > 0)
      | "\(.value) \(.key)"] | if . == [] then "" else " (" + join(", ") + ")" end)
  + ".",
  (([.results[] | select(.verdict == "fail")][0])
   | if . then "make check LAB=\(number) tells more about \(.lab), and so for each." else empty end);

def sandbox_line:
  {"namespaces": "Judged in a sandbox of its own namespaces.",
   "privileges": "Judged without namespaces: fewer privileges and limits only.",
   "limits": "Judged under limits only, with the rights of who called.",
   "off": "Judged without a sandbox."}[.sandbox // ""] // empty;

cleaned
| if $full then
  ([.results[] | [full_result] | join("\n")] | join("\n\n")),
  (if .sandbox then "" else empty end), sandbox_line

else [many, sandbox_line] | join("\n") end
