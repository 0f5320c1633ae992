# Numbers in columns, for the tables of what was measured.

def median(f): map(f) | sort
    | if length == 0 then null else .[(length - 1) / 2 | floor] end;

def fixed($digits):
    if . == null then "-"
    else (. * pow(10; $digits) | round | tostring) as $n
        | if $digits == 0 then $n
          else ("0" * ([0, $digits + 1 - ($n | length)] | max) // "") + $n
              | .[:-$digits] + "." + .[-$digits:]
          end
    end;

def right($width): (" " * ([$width - length, 0] | max) // "") + .;
def left($width): . + (" " * ([$width - length, 0] | max) // "");
