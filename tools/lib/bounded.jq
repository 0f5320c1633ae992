# A summary of the explorer that is no proof, for the rubric: what it counts
# for. A wrong fix must not pass, and a right one must not fail.
#
# - budget: too many orders. 2,000 schedules were right, and the stages beside
#   this one (hold-one, ThreadSanitizer, Helgrind) look at the same program in
#   other ways: it passes as bounded. Sizes in lab.conf are such that the fixes
#   we know are proved.
# - uninstrumented: the compiler does not announce an access. Helgrind watches
#   the machine's own instructions and sees it: it passes as bounded.
# - step-limit: an unfair schedule lets a retry go round for ever. Such runs
#   are no evidence, for or against: it passes if at least half ended.
# - weak-memory: the hardware can show what no interleaving does, and no other
#   stage looks for that. Nobody can decide: no answer, which is unsure.
def bounded:
  ([.basis | capture("^clean in (?<right>\\d+) of (?<all>\\d+) runs")
    | map_values(tonumber)] | .[0]) as $runs
  | (.reason // "") as $reason
  | if $runs == null then .
    elif .status == "clean" and ($reason | startswith("not a proof: weak-memory")) then
      .status = "no-answer"
      | .basis = "right in \($runs.right) schedules"
      | .reason |= sub("^not a proof: "; "")
    elif .status == "clean" and ($reason | startswith("not a proof: ")) then
      .basis = "bounded: right in \($runs.right) schedules"
    elif .status == "no-answer" and $runs.right * 2 >= $runs.all
      and ($reason | startswith("step-limit: a run did not end")) then
      .status = "clean"
      | .basis = "bounded: right in \($runs.right) schedules; \($runs.all - $runs.right) did not end"
    else . end;
