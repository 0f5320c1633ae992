# One judged job to one result of the report: adds the lab, the points and the
# exit code. $points: "build:1 output:2"; $code: -1, or the code to use;
# $order: the stages there are, one a line: points for others do not count.
# A stage that passes, or of which no tool is sure, has its points; a broken
# machine gives no points at all rather than a zero.

def result($lab; $title; $file; $points; $compiler; $code; $order):
  ($points | [splits(" +") | select(. != "") | split(":")
    | {key: .[0], value: (.[1] | tonumber)}] | from_entries) as $worth
  | ($order | split("\n") | map(select(. != ""))) as $names
  | (if .stages == [] then . else
       (.stages | map(.name)) as $have
       | .stages += [($names - $have)[] | {name: ., verdict: "skipped",
           basis: "", reason: "an earlier stage failed"}] end)
  | (.stages |= map(.max = ($worth[.name] // 0)
      | .points = (if .verdict == "pass" or .verdict == "unsure" then .max
                   else 0 end)))
  | {lab: (if $lab == "" then null else $lab end),
     title: (if $title == "" then null else $title end),
     file: $file,
     compiler: $compiler,
     verdict, failed, kind, reason,
     points: (if .verdict == "broken" then null
              else (.stages | map(.points) | add // 0) end),
     max: ([$names[] | $worth[.] // 0] | add // 0),
     exit: (if $code >= 0 then $code
            elif .verdict == "pass" then 0
            elif .verdict == "fail" then (if .failed == "build" then 2 else 1 end)
            elif .verdict == "broken" then 3
            elif .verdict == "unsure" then 4
            else 0 end),
     stages};
