# rl-intake: a class's submissions, taken in as untrusted data. Only grading
# needs it and its libarchive, so that it is not among the tools of everybody:
# tools/cmd/grade builds it when it is asked for.
INTAKE := $(patsubst tools/intake/%.c,build/obj/intake/%.o,$(wildcard tools/intake/*.c))

build/obj/intake/%.o: tools/intake/%.c $(wildcard tools/intake/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/bin/rl-intake: $(INTAKE)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(LDFLAGS) -o $@ $^ -larchive -ljansson
