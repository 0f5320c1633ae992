# The explorer's enriched lines as text: the verdict in a sentence, then what
# it found. $colour; the arguments are positional; $assumes: what a proof takes
# for granted.
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

map(select(.type == "finding")) as $findings
| map(select(.type == "summary")) | last as $summary
| ($findings | map(select(.severity == "error"))) as $errors
| [ ((if $summary.status == "found" then
        "A bug: \($summary.basis)\(with_arguments)."
      elif $summary.status == "clean" and ($summary.basis | startswith("all ")) then
        "Proved: \($summary.basis)\(with_arguments)."
      elif $summary.status == "clean" then
        "No bug seen, and no proof: \($summary.basis)\(with_arguments). \($summary.reason // "")"
      else "No answer: \($summary.reason // $summary.basis)" end) | wrap("")),
    (if $summary.status == "clean" and $assumes != [] then
       ("It takes for granted that " + ($assumes | map(assumed) | join("; ")) + "." | wrap(""))
     else empty end),
    (if $errors == [] then empty
     else "", ($errors[0] | told_finding($colour; true)) end),
    (if ($errors | length) > 1 then
       "", "and \(($errors | length) - 1) more (\($errors[1:] | map(.title | ascii_downcase) | unique | join(", "))); the first is the one to look at."
     else empty end)
  ] | join("\n")
