# rl-draw: an interleaving as text, SVG or Mermaid.
DRAW_OBJ := $(patsubst tools/draw/%.c,build/obj/draw/%.o,$(wildcard tools/draw/*.c))
TOOLS += build/bin/rl-draw

build/obj/draw/%.o: tools/draw/%.c $(wildcard tools/draw/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(CFLAGS) -c -o $@ $<

build/bin/rl-draw: $(DRAW_OBJ)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -ljansson
