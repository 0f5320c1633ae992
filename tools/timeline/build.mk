# rl-timeline: lanes over time as text or SVG.
TIMELINE_OBJ := $(patsubst tools/timeline/%.c,build/obj/timeline/%.o,\
	$(wildcard tools/timeline/*.c))
TOOLS += build/bin/rl-timeline

build/obj/timeline/%.o: tools/timeline/%.c $(wildcard tools/timeline/*.h) \
		tools/draw/escape.h
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(CFLAGS) -c -o $@ $<

build/bin/rl-timeline: $(TIMELINE_OBJ) build/obj/draw/escape.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@.$$$$ $^ -ljansson -lm && mv -f $@.$$$$ $@
