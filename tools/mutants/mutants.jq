# All mutants of one file, in the order of the file: clang's tree on stdin,
# $text the source as Latin-1. Prints one object {skipped, mutants: [{operator,
# function, line, source, text}]}; source is what is changed, on one line, and
# names a mutant for good: line numbers move.
include "text";
include "sites";
include "operators";

# The second of the same name gets (2), and so on.
def numbered:
  reduce .[] as $m ({seen: {}, out: []};
    ([$m.operator, $m.function, $m.source] | tojson) as $key
    | .seen[$key] += 1 | .seen[$key] as $n
    | .out += [if $n == 1 then $m
               else $m | .source += " (\($n))" end])
  | .out;

functions($text) as $functions
| [$functions[] as $f
   | $f | changes($text; $functions)
   | (.about // (.edits | {from: (map(.from) | min), to: (map(.to) | max)}))
       as $about
   | {operator, function: $f.name, from: $about.from,
      line: ($text[:$about.from] | [match("\n"; "g")] | length + 1),
      source: ($text[$about.from:$about.to] | squeeze),
      text: edited($text; .edits)}]
| [.[] | select(.text != $text)]
| reduce .[] as $m ({seen: {}, out: []};
    if .seen[$m.text] then . else .seen[$m.text] = true | .out += [$m] end)
| .out
| {skipped: ([$functions[].skipped] | add // 0),
   mutants: (sort_by(.from, .operator) | numbered | map(del(.from)))}
