# From the rounds of `racelab choose` to a table, a plot or an object.
# In: lines "cpus, job, way, tasks, amount, workers, {seconds, kib, right}".
# $format: text, markdown, svg or json; $all: the processors here.
include "plots";
include "columns";

# The ways as they took turns.
def order: reduce .[].way as $way ([];
    if index($way) then . else . + [$way] end);

def rows:
    [inputs | split("\t")
     | {cpus: (.[0] | tonumber), job: .[1], way: .[2],
        tasks: (.[3] | tonumber), amount: (.[4] | tonumber),
        workers: (.[5] | tonumber)} + (.[6] | fromjson)]
    | group_by([.cpus, .job])
    | map(.[0] + {ways: (. as $all | [order[] as $way
        | ($all | map(select(.way == $way)))
        | {way: $way, ms: median(.seconds * 1000),
           mib: median(.kib / 1024), right: all(.right)}])}
        | del(.way, .seconds, .kib, .right))
    | sort_by(.cpus, ({compute: 1, wait: 2, many: 3}[.job]));

def what:
    "\(.tasks) tasks that "
    + (if .job == "compute" then "compute" else "wait \(.amount) ms" end);

def where: if .cpus == 1 then "1 processor" else "\(.cpus) processors" end;

def said($way):
    {nothing: "one after another", "thread-a-task": "a thread a task",
     pool: "a pool of threads", processes: "a pool of processes",
     "event-loop": "an event loop"}[$way];

# The fastest, and all that are within a quarter of it.
def best: (.ways | map(.ms) | min) as $least
    | [.ways[] | select(.ms <= 1.25 * $least) | .way];

def conclusion:
    "\(what), \(where): \(best | map(said(.)) | join(", ")).";

def text:
    (.[] | "\(what), on \(where) (pools of \(.workers))",
        ("  " + ("" | left(22)) + ("ms" | right(9)) + ("MiB" | right(8))
            + ("gain" | right(8))),
        ((.ways | map(select(.way == "nothing") | .ms)[0]) as $alone
         | .ways[]
         | "  " + (said(.way) | left(22)) + (.ms | fixed(1) | right(9))
            + (.mib | fixed(1) | right(8))
            + ((if $alone then ($alone / .ms | fixed(1)) + "x" else "-" end)
                | right(8))
            + (if .right then "" else "  WRONG" end)),
        ""),
    "The fastest, and what comes within a quarter of it:",
    (.[] | "  " + conclusion),
    (if $all < 3 then "More than \($all) processors are not here to measure."
     else empty end);

def markdown:
    (.[] | "\(what), on \(where) (pools of \(.workers)):", "",
        "| way | ms | MiB | gain |", "|---|---:|---:|---:|",
        ((.ways | map(select(.way == "nothing") | .ms)[0]) as $alone
         | .ways[]
         | "| \(said(.way)) | \(.ms | fixed(1)) | \(.mib | fixed(1)) | "
            + (if $alone then ($alone / .ms | fixed(1)) + "x" else "-" end)
            + " |"),
        ""),
    (.[] | "- \(conclusion)");

# A picture that stands alone, light and dark.
def style:
    "text { font: 13px system-ui, sans-serif; }\n"
    + ".paper { fill: #ffffff } .n { fill: #1b1f24 } .dim { fill: #57606a }\n"
    + ".bar { fill: #0b4f8a }\n"
    + "@media (prefers-color-scheme: dark) {\n"
    + ".paper { fill: #0d1117 } .n { fill: #e6edf3 } .dim { fill: #9aa4af }\n"
    + ".bar { fill: #79c0ff } }";

def picture($height; $what):
    "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"680\" "
    + "height=\"\($height)\" viewBox=\"0 0 680 \($height)\">\n"
    + "<title>\($what | @html)</title>\n<style>\(style)</style>\n"
    + rect("paper"; 0; 0; 680; $height) + "\n" + join("\n") + "\n</svg>";

# A block of bars for each job and each number of processors. The blocks of a
# job share a scale, so that they can be compared.
def svg_page:
    . as $all
    | [$all[] | . as $job
       | ([$all[] | select(.job == $job.job) | .ways[].ms] | max) as $most
       | {title: "\(what), \(where)",
          bars: [.ways[] | {name: said(.way), ms, long: (.ms / $most * 380)}]}]
    | reduce .[] as $block ({y: 14, parts: []};
        .y as $y
        | .parts += [($block.title | text("n"; 14; $y + 14; "start")),
            ($block.bars | to_entries[]
             | ($y + 26 + 24 * .key) as $at | .value
             | (.name | text("dim"; 190; $at + 14; "end")),
               rect("bar"; 200; $at; .long; 18),
               (.long as $long | "\(.ms | fixed(1)) ms"
                | text("n"; 208 + $long; $at + 14; "start")))]
        | .y += 44 + 24 * ($block.bars | length))
    | .y as $height | .parts
    | picture($height; "Five ways to do the same tasks");

if $format == "json" then rows | tojson
elif $format == "svg" then rows | svg_page
elif $format == "markdown" then rows | markdown
else rows | text end
