# The results of all jobs, in order, to the report that formats read.
# $tools: the version of the tools.

def worst: . as $codes
  | [70, 3, 1, 2, 4, 0] | map(select(. as $code | $codes | index($code)))
  | .[0] // 0;

{schema: 1,
 tools: $tools,
 results: .,
 counts: (["pass", "fail", "unsure", "broken", "skipped"] as $verdicts
   | . as $all
   | [$verdicts[] as $verdict | {key: $verdict,
       value: ($all | map(select(.verdict == $verdict)) | length)}]
   | from_entries),
 points: (map(.points // 0) | add // 0),
 max: (map(if .verdict == "broken" then 0 else .max end) | add // 0),
 exit: (map(.exit) | worst)}
