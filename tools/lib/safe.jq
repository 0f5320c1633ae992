# Text that a program wrote or named, made harmless: a character that a
# terminal obeys, that turns the order of the text round or that XML forbids
# becomes a question mark. What a format does before its own escaping.

def clean:
  "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x{9f}\\x{61c}\\x{200e}\\x{200f}\\x{2028}-\\x{202e}\\x{2066}-\\x{2069}\\x{feff}\\x{fff9}-\\x{fffb}\\x{fffe}\\x{ffff}]" as $bad
  | if test($bad) then gsub($bad; "?") else . end;

# Every string of a report.
def cleaned: walk(if type == "string" then clean else . end);

# In one line.
def flat: clean | gsub("\\s+"; " ") | sub("^ "; "") | sub(" $"; "");
