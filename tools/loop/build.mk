# What a program with an event loop is linked with (libloop.a, rt_*.c), and
# rl-loop, which runs it in one order of its events after another.
LOOP_RT := $(patsubst tools/loop/%.c,build/obj/loop/%.o,\
	$(wildcard tools/loop/rt_*.c))
LOOP_TOOL := $(filter-out $(LOOP_RT),$(patsubst tools/loop/%.c,\
	build/obj/loop/%.o,$(wildcard tools/loop/*.c)))
TOOLS += build/lib/libloop.a build/lib/loop.wraps build/bin/rl-loop

build/obj/loop/%.o: tools/loop/%.c $(wildcard tools/loop/*.h tools/core/*.h \
		tools/sandbox/*.h)
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) $(CFLAGS) -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

# Linked into a student's program: our flags only.
$(LOOP_RT): build/obj/loop/%.o: tools/loop/%.c $(wildcard tools/loop/*.h)
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) -fPIC -U_FORTIFY_SOURCE -fno-stack-protector \
		-fno-omit-frame-pointer -fno-optimize-sibling-calls -gdwarf-4 \
		-c -o $@.$$$$ $< && mv -f $@.$$$$ $@

build/lib/libloop.a: $(LOOP_RT)
	@mkdir -p $(@D)
	ar rcs $@.$$$$ $^ && mv -f $@.$$$$ $@

build/lib/loop.wraps: build/lib/libloop.a
	nm -g --defined-only $< | sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | sort \
		>$@.$$$$ && mv -f $@.$$$$ $@

build/bin/rl-loop: $(LOOP_TOOL) build/obj/core/judge.o $(CORE_ONCE) \
		build/lib/libcore.a build/lib/libsandbox.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@.$$$$ $^ -ldw -lelf -ljansson && \
		mv -f $@.$$$$ $@
