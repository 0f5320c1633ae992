# libprocs.a, which is linked into a program of several processes, procs.wraps,
# and rl-procs, which runs it and says what it showed.
PROCS_RT := $(patsubst %,build/obj/procs/%.o,turn clock memory hooks mutex cond \
	pipe process server answer tell)
PROCS_TOOL := $(patsubst %,build/obj/procs/%.o,main findings waits) \
	build/obj/core/judge.o build/obj/core/merge.o $(CORE_ONCE)
TOOLS += build/lib/libprocs.a build/lib/procs.wraps build/bin/rl-procs

build/obj/procs/%.o: tools/procs/%.c $(wildcard tools/procs/*.h \
		tools/core/*.h tools/sandbox/*.h)
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) $(CFLAGS) -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

# Linked into a student's program: our flags only.
$(PROCS_RT): build/obj/procs/%.o: tools/procs/%.c $(wildcard tools/procs/*.h)
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) -fPIC -U_FORTIFY_SOURCE -fno-stack-protector \
		-fno-builtin -gdwarf-4 -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

# What it calls itself is the real function: the linker redirects only the
# program's calls.
build/lib/libprocs.a: $(PROCS_RT)
	@mkdir -p $(@D)
	set -e; own=$$(mktemp -d build/obj/real.XXXXXX); \
	trap 'rm -rf "$$own"' EXIT; \
	nm -g --defined-only $^ | \
		sed -n 's/.* T __wrap_\(.*\)/\1 __real_\1/p' >"$$own/names"; \
	for o in $^; do objcopy --redefine-syms="$$own/names" \
		"$$o" "$$own/$${o##*/}"; done; \
	ar rcs "$$own/new.a" "$$own"/*.o && mv -f "$$own/new.a" $@

build/lib/procs.wraps: build/lib/libprocs.a
	nm -g --defined-only $< | sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | \
		sort >$@.$$$$ && mv -f $@.$$$$ $@

build/bin/rl-procs: $(PROCS_TOOL) build/lib/libcore.a build/lib/libsandbox.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@.$$$$ $^ -ldw -lelf -ljansson && \
		mv -f $@.$$$$ $@
