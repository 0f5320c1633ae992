# rl-scan: what silences or dodges a detector in a submission.
SCAN := $(patsubst tools/scan/%.c,build/obj/scan/%.o,$(wildcard tools/scan/*.c))
TOOLS += build/bin/rl-scan

build/obj/scan/%.o: tools/scan/%.c $(wildcard tools/scan/*.h tools/core/*.h \
		tools/sandbox/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/bin/rl-scan: $(SCAN) build/lib/libcore.a build/lib/libsandbox.a
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(LDFLAGS) -o $@ $^ -ldl -lelf -ljansson
