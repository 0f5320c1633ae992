# rl-run, rl-runs, the recorder that is linked into programs, and libcore.a:
# what other tools share (findings, symbols; link it with -ldw -lelf
# -ljansson).
# Several makes may run at once: each file is made whole, then moved to its
# place.
CORE_CFLAGS := $(TOOL_CFLAGS) -D_GNU_SOURCE
CORE_SHARED := $(patsubst %,build/obj/core/%.o,finding symbols)
CORE_RECORD := $(patsubst tools/core/%.c,build/obj/core/%.o,\
	tools/core/recorder.c tools/core/spans.c \
	$(wildcard tools/core/wrap_*.c))
CORE_ONCE := $(patsubst %,build/obj/core/%.o,capture watch \
	supervise reading diagnose order once)
CORE_RUN := $(patsubst %,build/obj/core/%.o,rl_run lanes) $(CORE_ONCE)
CORE_RUNS := $(patsubst %,build/obj/core/%.o,rl_runs judge merge asked_tsan \
	asked_valgrind) $(CORE_ONCE) build/obj/tsan/reports.o \
	build/obj/tsan/names.o $(patsubst %,build/obj/valgrind/%.o,file parse \
	findings meanings places)
TOOLS += build/lib/libcore.a build/lib/librecord.a build/lib/record.wraps \
	build/bin/rl-run build/bin/rl-runs

build/obj/core/%.o: tools/core/%.c $(wildcard tools/core/*.h \
		tools/sandbox/*.h)
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) $(CFLAGS) -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

# Linked into a student's program, with or without a sanitizer: our flags
# only. -fexceptions runs a thread's end note on pthread_exit too.
$(CORE_RECORD): build/obj/core/%.o: tools/core/%.c $(wildcard tools/core/*.h)
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) -fPIC -fexceptions -U_FORTIFY_SOURCE \
		-fno-stack-protector -fno-omit-frame-pointer \
		-fno-optimize-sibling-calls -gdwarf-4 -c -o $@.$$$$ $< && \
		mv -f $@.$$$$ $@

build/lib/libcore.a: $(CORE_SHARED)
	@mkdir -p $(@D)
	ar rcs $@.$$$$ $^ && mv -f $@.$$$$ $@

build/lib/librecord.a: $(CORE_RECORD)
	@mkdir -p $(@D)
	ar rcs $@.$$$$ $^ && mv -f $@.$$$$ $@

# Every __wrap_X that an archive defines is wrapped when it is linked.
build/lib/record.wraps: build/lib/librecord.a
	nm -g --defined-only $< | sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | sort \
		>$@.$$$$ && mv -f $@.$$$$ $@

build/bin/rl-run: $(CORE_RUN) build/lib/libcore.a build/lib/libsandbox.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@.$$$$ $^ -ldw -lelf -ljansson && \
		mv -f $@.$$$$ $@

build/bin/rl-runs: $(CORE_RUNS) build/lib/libcore.a build/lib/libsandbox.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@.$$$$ $^ -lexpat -ldw -lelf \
		-ljansson && mv -f $@.$$$$ $@
