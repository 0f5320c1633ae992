# What became of the mutants: explanations on stdin (slurped), $judged the
# mutants with their verdicts, $skipped the calls in macros that no operator
# could reach. Gives {text, exit}.

def plural($n; $one; $many): if $n == 1 then $one else $many end;

def amount($n; $one): "\($n) \(plural($n; $one; $one + "s"))";

def place: [.lab, .base, .operator, .function];

# Does an explanation speak of this mutant?
def speaks_of($mutant):
  place == ($mutant | place) and (.source == "*" or .source == $mutant.source);

# pass and unsure survive; what could not be judged is neither.
def state:
  if .verdict == "fail" then
    if .failed == "build" then "unbuilt" else "caught" end
  elif .verdict == "pass" or .verdict == "unsure" then "survived"
  else "unjudged" end;

def count(f): [.[] | select(f)] | length;

# The stages that caught something, the busiest first.
def caught_by:
  [.[] | select(state == "caught") | .failed] | group_by(.)
  | sort_by(-length, .[0]) | map("\(.[0]) \(length)") | join(", ");

def row($name):
  "| \($name) | \(length) | \(count(state == "unbuilt")) "
  + "| \(count(state == "caught")) | \(caught_by) "
  + "| \(count(state == "survived")) |";

def table:
  ["| operator | mutants | no build | caught | by stage | survived |",
   "|---|--:|--:|--:|---|--:|"]
  + (group_by(.operator) | map(row(.[0].operator)))
  + (if (group_by(.operator) | length) > 1 then [row("all")] else [] end);

def told:
  ["", "\(.base): \(.operator) in \(.function), \(.file):\(.line)"
    + (if .verdict == "unsure" then " (unsure: \(.reason))" else "" end)]
  + [.diff | rtrimstr("\n") | split("\n")[] | "    " + .]
  + (if .why then ["  \(.why)"] else
      ["  NOT EXPLAINED: a hole in the judge, or harmless? Its key:",
       "  \(place | join(" "))", "  \(.source)"] end);

. as $explained
| ($judged | map(. as $m
    | .why = ([$explained[] | select(speaks_of($m)) | .why][0]))) as $all
| ($all | map(select(state == "survived"))) as $survivors
| ($survivors | count(.why == null)) as $open
| ($all | map(select(state == "unjudged"))) as $unjudged
| ($all | map([.lab, .base]) | unique) as $seen
# Of the programs that were changed: what speaks of no survivor any more.
| ($explained | map(select([.lab, .base] as $at | $seen | index([$at]))
    | select(. as $e | $survivors | any(. as $m | $e | speaks_of($m)) | not)))
  as $stale
| ($all | count(state == "unbuilt")) as $unbuilt
| {text: ([
    ($all | group_by(.lab)[]
      | "## \(.[0].lab)", "", table[],
        (.[] | select(state == "survived") | told[]), ""),
    ($unjudged[] | "not judged (\(.verdict)): \(place | join(" ")): "
      + "\(.reason)"),
    ($stale[] | "stale, no such survivor: \(place | join(" ")): \(.source)"),
    "\(amount($all | length; "mutant")) of "
    + "\(amount($seen | length; "program")): \($unbuilt) "
    + "\(plural($unbuilt; "does"; "do")) not build, "
    + "\($all | count(state == "caught")) caught, "
    + "\($survivors | length) survived, \($open) unexplained.",
    (if $skipped > 0 then "\(amount($skipped; "call")) in the programs' own "
       + "macros left alone." else empty end)] | join("\n")),
   exit: (if $unjudged | any(.verdict == "broken") then 3
     elif $unjudged != [] then 4
     elif $open > 0 or $stale != [] then 1 else 0 end)}
