# What tsan-flavour programs are linked with (librltsan.a: the report hook and
# the options, always whole; libc11.a: C11 threads as pthreads, where used)
# and rl-tsan, which turns the hook's lines into findings.
TSAN_HOOK := build/obj/tsan/report.o build/obj/tsan/options.o
TSAN_TOOL := build/obj/tsan/rl-tsan.o build/obj/tsan/reports.o build/obj/tsan/names.o
TOOLS += build/lib/librltsan.a build/lib/libc11.a build/bin/rl-tsan

build/obj/tsan/%.o: tools/tsan/%.c $(wildcard tools/tsan/*.h tools/core/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/lib/librltsan.a: $(TSAN_HOOK)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^

build/lib/libc11.a: build/obj/tsan/c11.o
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^

build/bin/rl-tsan: $(TSAN_TOOL) build/lib/libcore.a
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(LDFLAGS) -o $@ $^ -ldw -lelf -ljansson
