# The sandbox: libsandbox.a for the judges, rl-inside for the box, rl-box.
SANDBOX_CFLAGS := $(TOOL_CFLAGS) -D_GNU_SOURCE
SANDBOX_OBJS := $(patsubst %,build/obj/sandbox/%.o,box spaces direct bwrap \
	debuginfo empty wire confine calls tree)
TOOLS += build/lib/libsandbox.a build/bin/rl-inside build/bin/rl-box \
	build/lib/symbols/made

build/obj/sandbox/%.o: tools/sandbox/%.c $(wildcard tools/sandbox/*.h)
	@mkdir -p $(@D)
	$(CC) $(SANDBOX_CFLAGS) $(CFLAGS) -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

build/lib/libsandbox.a: $(SANDBOX_OBJS)
	@mkdir -p $(@D)
	ar rcs $@.$$$$ $^ && mv -f $@.$$$$ $@

# Without shared libraries it starts sooner.
build/bin/rl-inside: $(patsubst %,build/obj/sandbox/%.o,inside wire confine calls)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -static -o $@.$$$$ $^ && mv -f $@.$$$$ $@

build/bin/rl-box: build/obj/sandbox/rl_box.o build/lib/libsandbox.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@.$$$$ $^ && mv -f $@.$$$$ $@

# What Valgrind needs of libc's debug information, which it would read for
# long. Under the name that it has: another libc will not take it for its own.
build/lib/symbols/made: build/bin/rl-box
	@mkdir -p $(@D)
	@if file=$$($< debuginfo); then \
		objcopy --strip-debug "$$file" "$(@D)/$$(basename "$$file")"; fi
	@touch $@
