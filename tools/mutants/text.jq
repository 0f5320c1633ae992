# The source as text: offsets are bytes, for it is read as Latin-1. What clang
# says of macros from a header is not exact; there the parentheses are matched.

def squeeze: gsub("\\s+"; " ") | sub("^ "; "") | sub(" $"; "");

# The name that begins at $from.
def name_at($text; $from):
  $text[$from:$from + 64] | capture("^(?<name>[A-Za-z_][A-Za-z0-9_]*)").name;

# $from, or the first place after it that is no space.
def after_space($text; $from):
  $from + ($text[$from:$from + 4096] | capture("^(?<s>\\s*)").s | length);

# One character further, with quotes and brackets in mind.
def step($codes; $i):
  $codes[$i] as $c
  | if .quote then
      if .escaped then .escaped = false
      elif $c == 92 then .escaped = true
      elif $c == .quote then .quote = null
      else . end
    elif $c == 34 or $c == 39 then .quote = $c
    elif $c == 40 or $c == 91 or $c == 123 then .depth += 1
    elif $c == 41 or $c == 93 or $c == 125 then .depth -= 1
    elif $c == 44 and .depth == 1 then .cuts += [$i]
    else . end;

# The arguments between the bracket at $open and its twin.
def arguments($codes; $open):
  first(foreach range($open; $codes | length) as $i
      ({depth: 0, quote: null, escaped: false, cuts: []};
       step($codes; $i) | .at = $i; select(.depth == 0)))
  | .at as $close
  | ([$open] + .cuts + [$close]) as $marks
  | {to: ($close + 1),
     args: [range($marks | length - 1)
       | {from: ($marks[.] + 1), to: $marks[. + 1]}]};

# A text with edits {from, to, text}, none of which overlap.
def edited($text; $edits):
  reduce ($edits | sort_by(.from, .to) | reverse[]) as $e
    ($text; .[:$e.from] + $e.text + .[$e.to:]);
