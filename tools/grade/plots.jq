# Plots as SVG: bars with their numbers beside them, never told by colour
# alone. The colours come from page.css, a light and a dark set.

def svg($width; $height; $what):
  "<svg class=\"plot\" role=\"img\" width=\"\($width)\" height=\"\($height)\" "
  + "viewBox=\"0 0 \($width) \($height)\" aria-label=\"\($what | @html)\">\n"
  + join("\n") + "\n</svg>";

def rect($class; $x; $y; $w; $h):
  "<rect class=\"\($class)\" x=\"\($x | round)\" y=\"\($y | round)\" "
  + "width=\"\([$w, 1] | max | round)\" height=\"\($h | round)\"/>";

def text($class; $x; $y; $anchor):
  "<text class=\"\($class)\" x=\"\($x | round)\" y=\"\($y | round)\" "
  + "text-anchor=\"\($anchor)\">\(tostring | @html)</text>";

def line($x1; $y1; $x2; $y2):
  "<line class=\"axis\" x1=\"\($x1)\" y1=\"\($y1)\" x2=\"\($x2)\" y2=\"\($y2)\"/>";

# [share of the points, 0 to 1] as ten columns of ten percent.
def histogram($what):
  (reduce .[] as $share ([range(10) | 0];
     .[[($share * 10 | floor), 9] | min] += 1)) as $bins
  | ([$bins[], 1] | max) as $most
  | [line(20; 200; 660; 200),
     (range(10) as $i
      | ($bins[$i] / $most * 160) as $h
      | (24 + 64 * $i) as $x
      | (if $bins[$i] > 0 then rect("bar"; $x; 200 - $h; 56; $h),
           ($bins[$i] | text("n"; $x + 28; 194 - $h; "middle"))
         else empty end),
        ((if $i == 9 then "90-100" else "\($i * 10)-\($i * 10 + 9)" end)
         | text("dim"; $x + 28; 218; "middle"))),
     ("percent of all points" | text("dim"; 660; 236; "end"))]
  | svg(680; 244; $what);

# [{name, parts: [{class, name, value}]}] as one stacked bar a row.
def stacked($what):
  ([.[] | [.parts[].value] | add] | max // 1) as $most
  | length as $rows
  | [to_entries[] | .key as $i | .value
     | (30 + 30 * $i) as $y
     | (.name | text("n"; 230; $y + 17; "end")),
       (foreach .parts[] as $part ({x: 240, w: 0};
          {x: (.x + .w), w: (if $most > 0 then $part.value / $most * 420
                             else 0 end)};
          . as $at | $part | select(.value > 0)
          | rect(.class; $at.x; $y; $at.w; 24),
            (if $at.w >= 16 then .value | text("on"; $at.x + $at.w / 2;
               $y + 17; "middle") else empty end)))]
    + [([.[0].parts[]? | {class, name}] | to_entries[]
        | (240 + 84 * .key) as $x
        | rect(.value.class; $x; 8; 10; 10),
          (.value.name | text("dim"; $x + 15; 17; "start")))]
  | svg(680; 36 + 30 * $rows; $what);

# [{name, value}] as one bar a row.
def bars($what):
  ([.[].value, 1] | max) as $most
  | length as $rows
  | [to_entries[] | .key as $i | .value
     | (6 + 30 * $i) as $y
     | (.value / $most * 380) as $w
     | (.name | text("n"; 230; $y + 17; "end")),
       rect("bar"; 240; $y; $w; 24),
       (.value | text("n"; 246 + $w; $y + 17; "start"))]
  | svg(680; 12 + 30 * $rows; $what);
