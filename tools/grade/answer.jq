# The report of racelab check on one submission to one answer of OUT/results.
# What is broken keeps no case: it is judged again the next time.
.sandbox as $of_report
| .results[0]
| .lab = $lab | .title = $title | .file = $file
| (if $why != "" then .reason = $why else . end)
| {case: (if .verdict == "broken" then "broken" else $case end), tag: $tag,
   student: $student, lab: $lab,
   sandbox: ($of_report // .sandbox // "none"),
   result: .,
   drawing: (if $svg == "" then null else {svg: $svg, text: $text} end)}
