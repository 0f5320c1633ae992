# One row of what `racelab bench` found, from the rounds that it measured.
# Named arguments: part, name and what else the row says; rounds, a list.

include "columns";

def schedules:
    {threads: (.[-1].threads - 1),
     handovers: median(.handovers / .runs),
     points: median(.points / .runs),
     schedules_per_s: median(.runs / .seconds),
     bare_per_s: median(.bare),
     ratio: median(.runs / .seconds / .bare)};

def tools:
    {schedules_per_s: median(.explore),
     tsan_per_s: median(.tsan),
     helgrind_per_s: median(.helgrind),
     tsan_ratio: median(.explore / .tsan),
     helgrind_ratio: median(.explore / .helgrind)};

def first($strategy):
    map(select(.strategy == $strategy)) as $all
    | ($all | map(select(.found == 1)))
    | {ms: median(.ms), schedules: median(.runs), found: length,
       seeds: ($all | length)};

def jobs:
    {interleavings: .[0].one.interleavings,
     one_s: median(.one.seconds),
     two_s: median(.two.seconds),
     gain: median(.one.seconds / .two.seconds)};

$ARGS.named as $named
| ($named | del(.rounds))
    + ($named.rounds
        | if $named.part == "schedules" then schedules
          elif $named.part == "tools" then tools
          elif $named.part == "first" then first($named.strategy)
          elif $named.part == "jobs" then jobs
          else .[0] end)
