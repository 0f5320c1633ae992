# A summary of the explorer that is no proof says so in its basis. Runs that
# an unfair schedule never let end are no evidence, for or against.
def bounded:
  ([.basis | capture("^clean in (?<right>\\d+) of (?<all>\\d+) runs")
    | map_values(tonumber)] | .[0]) as $runs
  | (.reason // "") as $reason
  | if $runs == null then .
    elif .status == "clean" and ($reason | startswith("not a proof: ")) then
      .basis = "bounded: right in \($runs.right) schedules"
      | .reason |= sub("^not a proof: budget: "; "not a proof: ")
    elif .status == "no-answer" and $runs.right * 2 >= $runs.all
      and ($reason | startswith("a run did not end")) then
      .status = "clean"
      | .basis = "bounded: right in \($runs.right) schedules; \($runs.all - $runs.right) did not end"
    else . end;
