# The pages of the class. Input: the short rows of all answers; $students:
# students.json; $about: grade.json; $css. Output, each ended by a NUL: how many
# need a person and how many are broken, attention.md, class.html, grades.csv.
include "csv";
include "class";
include "plots";
include "blocks";

def attention_told($about):
  . as $all
  | [.[] | .key as $key | .attention[] | . + {key: $key}] as $items
  | {h1: "What needs a person"},
    {p: (if $items == [] and $about.problems == [] then "Nothing."
         else "\($items | map(.key) | unique | length) of \($all | length) "
           + "students." end)},
    ({"broken": ["Broken", "A tool or this machine failed: no points are counted. Run `make doctor`, then the same `make grade` again: only these are judged anew."],
      "unsure": ["Unsure", "The tools disagree, or none has an answer: no points are lost. Read the program."],
      "not judged": ["Not judged", "There is a file for the lab, but it could not be judged: no points yet."],
      "not taken": ["Not taken", "Something that was handed in is left out. See whether it matters."],
      "nothing": ["Handed in nothing", "No C file was found."]}
     | to_entries[]
     | .key as $what | .value as $said
     | ($items | map(select(.what == $what)))
     | select(. != [])
     | {h2: "\($said[0]) (\(length))"}, {p: $said[1]},
       {list: map("\(.key): " + (if .lab == "" then "" else "\(.lab): " end)
                  + .why)}),
    (if $about.problems == [] then empty else
       {h2: "The class"},
       {list: ($about.problems
         | map((if .path then "\(.path): " else "" end) + .what))} end);

def per_lab($labs): . as $class | $labs | map(. as $lab | $class | of_lab($lab));

def labs_table:
  {table: {class: "numbers", head: ["lab", "pass", "fail", "unsure", "broken",
     "not judged", "not handed in", "mean", "most often"],
    rows: map([.name, .pass, .fail, .unsure, .broken, .other, .absent,
      (.mean | percent),
      (.kinds | to_entries | sort_by(-.value, .key) | .[0]
       | if . then "\(.key) (\(.value))" else "" end)])}};

def kinds($labs):
  reduce .[].kinds as $kinds ({}; reduce ($kinds | to_entries[]) as $one (.;
    .[$one.key] += $one.value))
  | to_entries | sort_by(-.value, .key) | map({name: .key, value});

# Which kind where: the numbers, for those who want to plan a lecture.
def kinds_table($kinds):
  {table: {class: "numbers",
    head: (["lab"] + ($kinds | map(.name))),
    rows: map(. as $lab | [.name] + ($kinds
      | map($lab.kinds[.name] // "" | tostring)))}};

def sandbox_told:
  ([.[].answers[] | select(.ran) | .sandbox] | group_by(.)
    | map({name: .[0], value: length})) as $levels
  | if $levels == [] then "No program was run."
    else "Sandbox: " + ($levels | map("\(.name) (\(.value) submissions)")
      | join(", ")) + "." end;

def hardest:
  map(select(.mean != null)) | sort_by(.mean, .name) | .[0]
  | if . then "Hardest: \(.name), \(.mean | percent) of its points on average."
    else empty end;

def many($what): "\(.) \($what)" + (if . == 1 then "" else "s" end);

def class_page($about):
  . as $class
  | per_lab($about.labs) as $labs
  | ($labs | kinds($about.labs)) as $kinds
  | ($class | map(select(.points != null and .max > 0) | .points / .max))
      as $shares
  | [{h1: "The class"},
     {p: ("\(length | many("student")), \($about.labs | length | many("lab")). "
        + (if $shares == [] then ""
           else "Mean: \($shares | add / length | percent), median: \(
             $shares | sort | .[length / 2 | floor] | percent) of the points. "
           end)
        + ($labs | hardest // ""))},
     {h2: "Points"},
     {html: ($shares | histogram("how many students reached what share of the points"))},
     {h2: "Labs"},
     {html: ($labs | map({name, parts: [
        {class: "pass", name: "pass", value: .pass},
        {class: "fail", name: "fail", value: .fail},
        {class: "unsure", name: "unsure", value: .unsure},
        {class: "broken", name: "broken", value: (.broken + .other)},
        {class: "none", name: "absent", value: .absent}]})
      | stacked("how each lab ended"))},
     ($labs | labs_table),
     (if $kinds == [] then empty else
       {h2: "Kinds of bugs"},
       {p: "Of each submission that fails, what was found first."},
       {html: ($kinds | bars("how often each kind of bug"))},
       ($labs | kinds_table($kinds)) end),
     ($class | [attention_told($about)]
      | map(if .h1 then {h2: .h1} elif .h2 then {h3: .h2} else . end) | .[]),
     {p: "Compiler: \($about.compiler). \($class | sandbox_told) Tools: \($about.tools)."}];

class($students[0]; .) as $class
| $about[0] as $about
| ($class | map(.attention | length) | add // 0),
  ($class | map(.attention[] | select(.what == "broken")) | length),
  ($class | [attention_told($about)] | to_markdown),
  ($class | class_page($about) | to_html("The class"; $css)),
  ([$class | csv($about.labs)] | join("\n"))
| tostring + "\u0000"
