# What is known of a class, from students.json and a short row an answer.

# What of a student a person has to look at: [{what, lab, why}].
def attention:
  . as $s
  | [(.answers[]
      | if .verdict == "broken" or .verdict == "unsure"
        then {what: .verdict, lab, why: (.reason // "")}
        elif .verdict == "skipped" and .reason != "not handed in"
        then {what: "not judged", lab, why: (.reason // "")}
        else empty end)] as $of_labs
  | $of_labs
    + [.problems[]
       | ((if .path then "\(.path): " else "" end) + .what) as $why
       | select($of_labs | all(.[]; .why != $why))
       | {what: "not taken", lab: "", why: $why}]
    + (if .files == 0 then [{what: "nothing", lab: "",
        why: "no C file was handed in"}] else [] end);

# The students with their answers by lab, points and what needs a person.
# Points are null where one answer is missing because something is broken.
def class($students; $rows):
  ($rows | group_by(.student)
    | map({key: .[0].student, value: (map({key: .lab, value: .}) | from_entries)})
    | from_entries) as $answers
  | $students
  | map(. as $s
    | .answers = ($answers[.slug] // {})
    | .points = ([.answers[].points]
        | if any(.[]; . == null) then null else add // 0 end)
    | .max = ([.answers[].max] | add // 0)
    | .attention = attention);

def counts(f): group_by(f) | map({key: (.[0] | f), value: length}) | from_entries;

# A lab: how many of each verdict, the mean, the kinds of its failures.
def of_lab($lab):
  map(.answers[$lab.name] // empty) as $all
  | ($all | map(select(.reason != "not handed in" or .verdict != "skipped")))
      as $judged
  | {name: $lab.name, title: $lab.title,
     pass: ($all | map(select(.verdict == "pass")) | length),
     fail: ($all | map(select(.verdict == "fail")) | length),
     unsure: ($all | map(select(.verdict == "unsure")) | length),
     broken: ($all | map(select(.verdict == "broken")) | length),
     other: (($judged | map(select(.verdict == "skipped")) | length)),
     absent: (($all | length) - ($judged | length)),
     mean: ($judged | map(select(.points != null and .max > 0)
              | .points / .max)
            | if . == [] then null else add / length end),
     kinds: ($all | map(select(.verdict == "fail"))
             | counts(.kind // "no \(.failed)"))};

def percent: if . == null then "" else "\(. * 100 | round) %" end;
