# The pages of a few students: their slugs are the arguments. Input: their
# answers, in the order of the labs; $students: students.json. Output: slug,
# Markdown and HTML of each, each ended by a NUL.
include "safe";
include "formats";
include "blocks";

def verdict_of:
  if .verdict == "skipped" and .reason == "not handed in"
  then "not handed in" else .verdict end;

def score: "\(.points // "none") of \(.max)";

def unpointed: map(select(.result.points == null)) | length;

def total:
  (map(.result.points // 0) | add // 0) as $points
  | (map(.result.max) | add // 0) as $max
  | unpointed as $broken
  | "\($points) of \($max) points"
    + (if $broken == 0 then "."
       else ", without \($broken) that could not be judged: that is our fault, "
         + "and a person will look at it." end);

def why:
  if .verdict == "fail" and .failed
  then "at \(.failed)" + (if .kind then ": \(.kind)" else "" end)
  elif .verdict == "pass" then ""
  else .reason // "" | if length > 120 then .[0:117] + "..." else . end end;

def overview:
  {table: {head: ["lab", "verdict", "points", "why"],
    rows: map([.lab, (.result | verdict_of, score, why)])}};

def problems($student):
  if $student.problems == [] then empty else
    {h3: "What could not be taken from what you handed in"},
    {list: ($student.problems
      | map((if .path then "`\(.path | gsub("`"; "'"))`: " else "" end)
            + .what))}
  end;

def stages:
  {table: {head: ["stage", "verdict", "points", "what it rests on"],
    rows: (.stages | map([.name, .verdict,
      (if .max == 0 then "" else "\(.points)/\(.max)" end),
      (if .verdict == "fail" then .kind // said else said end)]))}};

def threads_told($finding):
  [.threads[]
    | thread_line($finding),
      (thread_text | if . == "" then empty else "    \(.)" end)]
  | join("\n");

def finding_told:
  {h3: .title},
  {p: (if .kind == "data-race" and (.threads | length) > 1
       then "Nothing orders these two:" else .message end)},
  (if .expected != null then {p: "Right:"}, {pre: .expected} else empty end),
  (if .got != null then {p: "This run:"}, {pre: .got} else empty end),
  (if (.threads | length) == 0 then empty else {pre: threads_told(.)} end),
  (.missing // empty | {p: .}),
  (.short // "" | if . == "" then empty else {p: .} end),
  (.ask // "" | if . == "" then empty else {p: "Question: \(.)"} end);

# The first failure at length: it is the one to look at.
def failure:
  . as $answer
  | .result
  | ([.stages[] | select(.verdict == "fail")][0]) as $stage
  | if $stage == null then empty else
      (($stage.findings // []) | map(select(.severity == "error"))) as $errors
      | {p: "It fails at the stage `\($stage.name)`."},
        (if $errors == [] then {p: ($stage.reason // "")}
         else ($errors[0] | finding_told) end),
        (if $answer.drawing then
           {p: "An order of the threads in which it goes wrong, step by step:"},
           {drawing: $answer.drawing}
         else empty end)
    end;

def explained:
  if .result.verdict == "fail" then failure
  elif .result.verdict == "unsure" then
    {p: ("No tool could decide: \(.result.reason // "the tools disagree"). "
         + "No points are lost for it; a person will look.")}
  elif .result.verdict == "broken" then
    {p: ("This could not be judged, and that is not your program's fault: "
         + "\(.result.reason // "a tool failed"). A person will look.")}
  else {p: (.result.reason // "")} | select(.p != "") end;

def lab_told:
  {badge: {verdict: (.result | verdict_of), text:
    "\(.lab): \(.result.title), \(.result | score) points"}},
  (if .result.file == "" then empty
   else {p: "Judged: `\(.result.file | gsub("`"; "'"))`"} end),
  (if .result.verdict == "pass" then empty else explained end),
  (if .result.stages | any(.[]; .verdict != "skipped")
   then (.result | stages) else empty end);

def judged_how:
  (map(select(.result.stages | any(.[]; .verdict != "skipped")) | .sandbox)
    | unique) as $levels
  | {p: ((map(.result.compiler) | unique | join(", ")) as $compilers
     | "Compiler: \($compilers). "
     + (if $levels == [] then "No program was run."
        elif $levels == ["off"] then "The programs ran without a sandbox."
        else "The programs ran in a sandbox of the level \($levels
          | join(", "))." end))};

def feedback($student):
  [{h1: "Feedback for \($student.name)"},
   {p: (total + (if $student.late then " Handed in late." else "" end))},
   (if $student.files == 0 then {p: "No C file was handed in."} else empty end),
   problems($student), overview, (.[] | lab_told), judged_how];

. as $answers
| $ARGS.positional[] as $slug
| ($students[0][] | select(.slug == $slug)) as $student
| ($answers | map(select(.student == $slug)) | feedback($student)) as $blocks
| ($slug, ($blocks | to_markdown),
   ($blocks | to_html("Feedback for \($student.name)"; $css)))
| gsub("\u0000"; "") + "\u0000"
