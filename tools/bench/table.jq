# The measurements of `racelab bench` as tables of at most 80 columns.

include "columns";

def schedules:
    "Schedules a second on one core, beside a bare loop of fork, threads and",
    "as many hand-overs. The share is what the explorer keeps of it.",
    "",
    ("program" | left(35)) + ("threads" | right(8))
        + ("hand-overs" | right(11)) + ("schedules/s" | right(12))
        + ("bare/s" | right(7)) + ("share" | right(7)),
    (.[] | (.name[:35] | left(35)) + (.threads | fixed(0) | right(8))
        + (.handovers | fixed(1) | right(11))
        + (.schedules_per_s | fixed(0) | right(12))
        + (.bare_per_s | fixed(0) | right(7))
        + ((.ratio * 100 | fixed(0)) + "%" | right(7)));

def tools:
    "Against runs a second of the sanitizers, on the same right programs.",
    "",
    ("program" | left(30)) + ("schedules/s" | right(12))
        + ("TSan/s" | right(8)) + ("times" | right(7))
        + ("Helgrind/s" | right(12)) + ("times" | right(7)),
    (.[] | (.name[:30] | left(30)) + (.schedules_per_s | fixed(0) | right(12))
        + (.tsan_per_s | fixed(1) | right(8))
        + (.tsan_ratio | fixed(0) | right(7))
        + (.helgrind_per_s | fixed(2) | right(12))
        + (.helgrind_ratio | fixed(0) | right(7)));

def first:
    "Until the first schedule that fails, from the start of the explorer:",
    "median milliseconds / schedules, and how many of the seeds came to one.",
    "",
    ("lab" | left(30)) + ("strategy" | left(12)) + ("ms" | right(8))
        + ("schedules" | right(12)) + ("found" | right(10)),
    (.[] | (.name[:30] | left(30)) + (.strategy | left(12))
        + (.ms | fixed(0) | right(8)) + (.schedules | fixed(0) | right(12))
        + ("\(.found) of \(.seeds)" | right(10)));

def proofs:
    "Proofs of the solutions, with one job.",
    "",
    ("lab" | left(30)) + ("arguments" | left(14))
        + ("interleavings" | right(14)) + ("seconds" | right(10))
        + ("verdict" | right(9)),
    (.[] | (.name[:30] | left(30)) + (.arguments | left(14))
        + (.interleavings | fixed(0) | right(14))
        + (.seconds | fixed(2) | right(10)) + (.verdict | right(9)));

def jobs:
    "Two jobs against one, on a proof.",
    "",
    ("program" | left(30)) + ("interleavings" | right(14))
        + ("one job" | right(12)) + ("two jobs" | right(12))
        + ("gain" | right(12)),
    (.[] | ("increments \(.arguments)" | left(30))
        + (.interleavings | fixed(0) | right(14))
        + ((.one_s | fixed(2)) + " s" | right(12))
        + ((.two_s | fixed(2)) + " s" | right(12))
        + ((.gain | fixed(2)) + " times" | right(12)));

def grade:
    (.[] |
    "A class of \(.students) through grade: \(.submissions) submissions,",
    "\(.distinct) different (\(.hits * 100 | fixed(0))% share an answer).",
    "",
    "\(.seconds | fixed(1)) s, \(.per_s | fixed(2)) submissions/s, \(.cpu_s
        | fixed(1)) CPU s, \(.cpu_per_distinct | fixed(2)) a different one.",
    "The dearest stage is \(.slowest).",
    "",
    ("stage" | left(14)) + ("times" | right(8)) + ("CPU s" | right(10))
        + ("each" | right(8)) + ("share" | right(8)),
    (.cpu_s as $all | .stages[] | (.name | left(14))
        + (.times | fixed(0) | right(8)) + (.cpu_s | fixed(1) | right(10))
        + (.cpu_s / .times | fixed(2) | right(8))
        + ((.cpu_s / $all * 100 | fixed(0)) + "%" | right(8))));

def part($rows; tables): if $rows then ($rows | tables), "" else empty end;

part(.schedules; schedules), part(.tools; tools), part(.first; first),
part(.proofs; proofs), part(.jobs; jobs), part(.grade; grade)
