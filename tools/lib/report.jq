# The judged jobs, slurped in order, to the report that formats read.
# Arguments: six for each job: lab, title, file as shown, points, the exit code
# to use or -1, and the stages (see result.jq). $compiler; $tools: their
# version; $sandbox: the level reached.

include "result";

def worst: . as $codes
  | [70, 3, 1, 2, 4, 0] | map(select(. as $code | $codes | index($code)))
  | .[0] // 0;

[to_entries[] | $ARGS.positional[6 * .key:6 * .key + 6] as $job
  | .value | result($job[0]; $job[1]; $job[2]; $job[3]; $compiler;
      $job[4] | tonumber; $job[5])]
| {schema: 1,
 tools: $tools,
 sandbox: $sandbox,
 results: .,
 counts: (["pass", "fail", "unsure", "broken", "skipped"] as $verdicts
   | . as $all
   | [$verdicts[] as $verdict | {key: $verdict,
       value: ($all | map(select(.verdict == $verdict)) | length)}]
   | from_entries),
 points: (map(.points // 0) | add // 0),
 max: (map(if .verdict == "broken" then 0 else .max end) | add // 0),
 exit: (map(.exit) | worst)}
