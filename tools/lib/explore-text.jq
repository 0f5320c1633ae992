# The explorer's enriched lines as text: the verdict in a sentence, what it
# found, and what came out how often. $colour; the arguments are positional;
# $objects: the explorer's own words about the search.
include "text";

def assumed:
  {"sc": "atomics behave as if all threads saw one order",
   "spurious<=1/thread": "each thread's wait ends by itself once at most",
   "weak-cas-fails<=1/thread": "a weak exchange fails by itself once at most",
   "early-timer<=1/thread": "a timer ends early once for each thread at most",
   "no-address-reuse": "malloc gives no address twice",
   "malloc-never-fails": "malloc never fails",
   "unordered-output": "the order of lines of different threads is free"}[.]
  // .;

def with_arguments:
  if $ARGS.positional == [] then "" else " with the arguments \($ARGS.positional | join(" ") | visible)" end;

def verdict:
  if .verdict == "bug" then "A bug: \(.basis)\(with_arguments)."
  elif .verdict == "clean" and .complete then
    "Proved: \(.basis)\(with_arguments)."
  elif .verdict == "clean" then
    "No bug seen in \(.schedules) schedules\(with_arguments). That is no proof: \(.reason // "--prove tries every interleaving" | sub("^not a proof: "; ""))."
  else "No answer: \(.reason // .basis). So far: \(.basis)." end;

def times($n): if $n == 1 then "once" else "\($n) times" end;

# An output in one line.
def in_a_line:
  (split("\n") | if .[-1] == "" then .[:-1] else . end
   | map(visible) | join(" / "))
  | if . == "" then "(prints nothing)" else cut(44) end;

def ending:
  if .exit != null then "exit \(.exit)"
  elif .signal != null then "signal \(.signal)" else .end end;

def outcomes:
  (map(.count | tostring | length) | max) as $digits
  | (map(ending | length) | max) as $room
  | (.[0:12][]
     | "  \(.count | tostring | (" " * ($digits - length) // "") + .) x  "
       + "\(ending | padded($room))  \(.stdout | in_a_line)"
       + "\n  \(" " * $digits // "")    --replay \(.replay)"),
    (if length > 12 then "  and \(length - 12) more (--format json has all)"
     else empty end);

$objects[0] as $object
| map(select(.type == "finding")) as $findings
| ($findings | map(select(.severity == "error"))) as $errors
| ($findings | map(select(.severity == "note"))) as $notes
| [ ($object | verdict | wrap("")),
    (if $object.complete and $object.verdict == "clean" and $object.assumes != [] then
       ("It takes for granted that " + ($object.assumes | map(assumed) | join("; ")) + "." | wrap(""))
     else empty end),
    (if $errors == [] then empty
     else "", ($errors[0] | told_finding($colour; true)) end),
    (if ($errors | length) > 1 then
       "", "and \(($errors | length) - 1) more (\($errors[1:] | map(.title | ascii_downcase) | unique | join(", "))); the first is the one to look at."
     else empty end),
    (if $notes == [] then empty
     else "", "Told, but no bug:", ($notes[0:6][] | .message | visible | wrap("  ")),
       (if ($notes | length) > 6 then "  and \(($notes | length) - 6) more" else empty end) end),
    (if $object.outcomes == [] then empty
     else "", "What came out, and the interleaving of the first that showed it:",
       ($object.outcomes | outcomes) end)
  ] | join("\n")
