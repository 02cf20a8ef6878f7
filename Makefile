# SPDX-License-Identifier: MIT
#
# What is missing on the machine is installed on the way, by name; everything
# that is made goes to $(BUILD). `make help` lists the targets.

BUILD ?= build
# Short in what make prints; whole for scripts, which may run elsewhere.
override BUILD := $(abspath $(BUILD))
B := $(patsubst $(CURDIR)/%,%,$(BUILD))
PREFIX ?= /usr/local
# Below PREFIX, as distributions that have several architectures want it.
LIBDIR ?= $(PREFIX)/lib
SBINDIR ?= $(PREFIX)/sbin
# Where zsh looks for what it completes by.
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
DESTDIR ?=
# The Debian kernel of the VM; tests/vm/kernel knows which there are.
ifndef KERNEL
KERNEL := $(shell tests/vm/kernel --default)
endif
# The kernel of this machine, where the module can be built for it.
KERNELDIR ?= /lib/modules/$(shell uname -r)/build

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
ABI := 0

CC = gcc
CXX = g++
CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow
BASE := -std=c++20 $(WARN) -Iinclude -DMSGQ_VERSION='"$(VERSION)"' -MMD -MP

COMMA := ,
EMPTY :=
SPACE := $(EMPTY) $(EMPTY)

# make V=1 shows the commands; otherwise a line says what is made.
Q := $(if $(V),,@)
say = @echo '  $(1)	$(2)'

export BUILD KERNEL

.PHONY: all lib tools tests module help
all: lib tools $(if $(wildcard $(KERNELDIR)/Makefile),module-host)

include tools/build/packages.mk

# ---- the library: no C++ runtime, only libc ---------------------------------

LIB_SO := libmsgqipc.so.$(VERSION)
LIB_FLAGS := -fPIC -ftls-model=initial-exec -fvisibility=hidden -fno-exceptions -fno-rtti -fno-threadsafe-statics
LIB_OBJECTS := $(patsubst %.cc,$(B)/obj/%.o,$(sort $(wildcard lib/*.cc)))

# What is made of an .in file: it tells where the rest is installed.
TEMPLATES := $(patsubst %.in,$(B)/%,$(wildcard lib/*.in tools/*/*.in))

lib: $(B)/lib/libmsgqipc.so $(B)/lib/libmsgqipc.a $(TEMPLATES)

$(B)/obj/lib/%.o: lib/%.cc Makefile | $(B)/have-build
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(BASE) $(LIB_FLAGS) $(CXXFLAGS) -c -o $@ $<

# Linked by the C driver, so that the C++ runtime cannot come in unnoticed.
$(B)/lib/$(LIB_SO): $(LIB_OBJECTS) lib/libmsgqipc.map
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared -Wl,-soname,libmsgqipc.so.$(ABI) -Wl,--version-script=lib/libmsgqipc.map \
		-Wl,-z,defs -Wl,-z,relro -Wl,-z,now $(LDFLAGS) -o $@ $(LIB_OBJECTS)

$(B)/lib/libmsgqipc.so: $(B)/lib/$(LIB_SO)
	@ln -sf $(LIB_SO) $(B)/lib/libmsgqipc.so.$(ABI)
	@ln -sf libmsgqipc.so.$(ABI) $@

$(B)/lib/libmsgqipc.a: $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

# Each time: PREFIX may be another one than the last.
.PHONY: FORCE
$(TEMPLATES): $(B)/%: %.in FORCE
	@mkdir -p $(@D)
	@sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|; s|@ABI@|$(ABI)|; s|@UP@|$(UP)|' $< >$@
# From where the CMake files are to PREFIX: with DESTDIR it is elsewhere.
LIBS_BELOW := $(patsubst $(PREFIX)/%,%,$(LIBDIR))
UP := $(subst $(SPACE),/,$(patsubst %,..,$(subst /, ,$(LIBS_BELOW)/cmake/msgqipc)))

# ---- programs: a directory of sources is a program -------------------------

$(B)/obj/%.o: %.cc Makefile | $(B)/have-build
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(BASE) $(CFLAGS_$(<D)) $(CXXFLAGS) -c -o $@ $<

objects = $(patsubst %.cc,$(B)/obj/%.o,$(sort $(wildcard $(1)/*.cc)))
# So that programs find the library beside them. Packages do not want that.
RPATH ?= -Wl,-rpath,'$$ORIGIN/../lib'
LINK_LIB = -L$(B)/lib -lmsgqipc $(RPATH)

TOOLS := $(B)/bin/msgqctl $(B)/bin/msgqd
COMPLETIONS := $(addprefix $(B)/completion/msgqctl.,bash zsh fish)
tools: $(TOOLS) $(COMPLETIONS)

# By the program itself, which knows what it takes; it may find its library only
# where that is to be installed. If it is built for another machine, MSGQCTL is one
# of the same version that runs here.
MSGQCTL ?= $(B)/bin/msgqctl
$(COMPLETIONS): $(B)/completion/msgqctl.%: $(B)/bin/msgqctl
	@mkdir -p $(@D)
	$(call say,MAKE,$@)
	$(Q)LD_LIBRARY_PATH=$(B)/lib $(MSGQCTL) completion $* >$@.new || \
		{ echo 'make: $(MSGQCTL) does not run here: MSGQCTL=... names one that does' >&2; exit 1; }
	@mv $@.new $@

$(B)/bin/%: $(B)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LINK_LIB) $(LIBS_$(@F))
$(B)/bin/msgqctl: $(call objects,tools/msgqctl)

# What msgqctl has the kernel run: compiled for BPF, and as a header that holds
# the result. No vmlinux.h: what is needed of the kernel's types is declared.
# For the machine that the rest is compiled for.
MACHINE = $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
BPF_CC = clang -target bpf -mcpu=v3 -O2 -g -ffile-prefix-map=$(CURDIR)=. -Wall -Wextra -Werror \
	-D__TARGET_ARCH_$(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(MACHINE))) \
	-idirafter /usr/include/$(MACHINE)-linux-gnu
BPF_SKELETONS := $(patsubst tools/msgqctl/bpf/%.bpf.c,$(B)/bpf/%.skel.h,$(wildcard tools/msgqctl/bpf/*.bpf.c))
CFLAGS_tools/msgqctl = -isystem $(B)/bpf
LIBS_msgqctl = -lbpf
$(call objects,tools/msgqctl): | $(BPF_SKELETONS)

$(B)/bpf/%.bpf.o: tools/msgqctl/bpf/%.bpf.c Makefile | $(B)/have-build $(B)/have-bpf
	@mkdir -p $(@D)
	$(call say,BPF,$<)
	$(Q)$(BPF_CC) -MMD -MP -c -o $@ $<

.SECONDARY: $(BPF_SKELETONS:%.skel.h=%.bpf.o)

# Debian keeps it where not everybody looks. _Bool is C's alone.
$(B)/bpf/%.skel.h: $(B)/bpf/%.bpf.o
	$(Q)PATH="$$PATH:/usr/sbin" bpftool gen skeleton $< name $*_bpf | \
		sed -e 's/\<_Bool\>/bool/' -e '1s|^|// NOLINTBEGIN\n|' -e '$$s|$$|\n// NOLINTEND|' >$@.new
	@mv $@.new $@

# msgqd: the core of kmod/, unchanged, over tools/msgqd/shim. Which files those
# are is decided by what they include: nothing but what the shim has.
CORE := attach cancel context due identity limits list name peek perm queue recheck request revoke row scope send senders table user watch
CORE_OBJECTS := $(CORE:%=$(B)/obj/tools/msgqd/core/%.o) \
	$(patsubst tools/msgqd/%.c,$(B)/obj/tools/msgqd/%.o,$(wildcard tools/msgqd/*.c))
CORE_FLAGS := -std=gnu11 -D_GNU_SOURCE $(WARN) -Wno-unused-parameter -MMD -MP \
	-DMSGQ_VERSION='"$(VERSION)"' -include tools/msgqd/shim/kernel.h \
	-I$(B)/shim -Iinclude -Iinclude/uapi

# Stands in, empty, for each of the kernel's headers that the core names.
.PHONY: shim
shim: $(B)/shim/made
$(B)/shim/made: $(wildcard kmod/*.[ch]) Makefile
	@mkdir -p $(@D)/linux
	@sed -n 's/^#include <linux\/\([^/]*\.h\)>/\1/p' $(wildcard kmod/*.[ch]) | sort -u | \
		grep -vxE '(types|msgq|errno|limits|ioctl)\.h' | (cd $(@D)/linux && xargs touch)
	@touch $@

$(B)/obj/tools/msgqd/core/%.o: kmod/%.c $(B)/shim/made Makefile | $(B)/have-build
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CORE_FLAGS) $(CFLAGS) -c -o $@ $<

$(B)/obj/tools/msgqd/%.o: tools/msgqd/%.c $(B)/shim/made Makefile | $(B)/have-build
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CORE_FLAGS) $(CFLAGS) -c -o $@ $<

$(B)/bin/msgqd: $(call objects,tools/msgqd) $(CORE_OBJECTS)

# Library and msgqd as they will be one version on: see tests/compat/next.h. All
# but who greets and who is greeted is as it is.
COMPAT := next far
COMPAT_FLAGS_far := -DMSGQ_COMPAT_FAR
.PHONY: compat
compat: $(COMPAT:%=$(B)/compat/%/msgqd) $(COMPAT:%=$(B)/compat/%/libmsgqipc.so.$(ABI))

$(B)/compat/%/host.o: lib/host.cc tests/compat/next.h Makefile | $(B)/have-build
	@mkdir -p $(@D)
	$(call say,CXX,$@)
	$(Q)$(CXX) $(BASE) $(LIB_FLAGS) $(CXXFLAGS) $(COMPAT_FLAGS_$*) -include tests/compat/next.h -c -o $@ $<

$(B)/compat/%/request.o: kmod/request.c tests/compat/next.h $(B)/shim/made Makefile | $(B)/have-build
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CORE_FLAGS) $(CFLAGS) $(COMPAT_FLAGS_$*) -include tests/compat/next.h -c -o $@ $<

$(B)/compat/%/libmsgqipc.so.$(ABI): $(B)/compat/%/host.o $(LIB_OBJECTS) lib/libmsgqipc.map
	$(call say,LINK,$@)
	$(Q)$(CC) -shared -Wl,-soname,libmsgqipc.so.$(ABI) -Wl,--version-script=lib/libmsgqipc.map \
		-Wl,-z,defs $(LDFLAGS) -o $@ $(filter-out %/lib/host.o,$(filter %.o,$^))

$(B)/compat/%/msgqd: $(B)/compat/%/request.o $(call objects,tools/msgqd) $(CORE_OBJECTS) $(B)/lib/libmsgqipc.so
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter-out %/core/request.o,$(filter %.o,$^)) $(LINK_LIB)
.PRECIOUS: $(B)/compat/%/host.o $(B)/compat/%/request.o

# Each directory of tests with sources is one GoogleTest program.
TEST_DIRS := $(patsubst %/,%,$(sort $(dir $(wildcard tests/*/*_test.cc))))
TEST_PROGRAMS := $(patsubst tests/%,$(B)/tests/%,$(TEST_DIRS))
tests: $(TEST_PROGRAMS) $(B)/tests/readme $(B)/fuzz/device
# What the native suites are run with.
.PHONY: suites
suites: $(B)/bin/msgqd $(TEST_PROGRAMS)

$(foreach d,$(TEST_DIRS),$(eval $(B)/tests/$(notdir $(d)): $(call objects,$(d))))
$(foreach d,$(TEST_DIRS),$(eval $(call objects,$(d)): | $(B)/have-test))

$(TEST_PROGRAMS): $(B)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LINK_LIB) -lgtest -lgtest_main $(LIBS_tests/$(@F)) -pthread

# The program that README.md shows, taken from it.
$(B)/tests/readme: README.md tests/readme/extract $(B)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,CC,README.md)
	@tests/readme/extract README.md >$@.c
	$(Q)$(CC) -std=c11 $(WARN) -Werror -Iinclude -o $@ $@.c $(LINK_LIB)

EXAMPLES := $(patsubst examples/%,$(B)/examples/%,$(basename $(wildcard examples/*.c examples/*.cc)))
.PHONY: examples
examples: $(EXAMPLES) ## build examples/, against this tree

$(B)/examples/uring_server $(B)/examples/coroutine: EXAMPLE_LIBS := -luring
$(B)/examples/uring_server $(B)/examples/coroutine: | $(B)/have-test

$(B)/examples/%: examples/%.c include/msgqipc.h $(B)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 $(WARN) -Werror -Iinclude $(CFLAGS) -o $@ $< $(LINK_LIB) $(EXAMPLE_LIBS)

$(B)/examples/%: examples/%.cc $(wildcard include/*.h* include/msgqipc/*) $(B)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) -std=c++20 $(WARN) -Werror -Iinclude $(CXXFLAGS) -o $@ $< $(LINK_LIB) $(EXAMPLE_LIBS)

# What the benchmark compares with is compiled in where it is installed. Looked
# up when it is used, since it may have been installed on the way; without
# -march, so that all are compiled for the same CPU.
BENCH_PEER_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I libdpdk 2>/dev/null))
BENCH_PEER_LIBS = $(filter -L% -Wl$(COMMA)--as-needed -lrte_ring -lrte_eal,$(shell pkg-config --libs libdpdk 2>/dev/null))
CFLAGS_tests/bench = $(BENCH_PEER_CFLAGS)
CFLAGS_tests/peers = $(BENCH_PEER_CFLAGS)
LIBS_tests/peers = $(BENCH_PEER_LIBS)
LIBS_tests/api = -luring
LIBS_tests/lifecycle = -luring

BENCHES := $(patsubst tests/bench/%.cc,$(B)/bench/%,$(wildcard tests/bench/*_bench.cc))
$(BENCHES): $(B)/bench/%: $(B)/obj/tests/bench/%.o $(B)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LINK_LIB) $(BENCH_PEER_LIBS) -pthread
$(BENCHES:$(B)/bench/%=$(B)/obj/tests/bench/%.o): | $(B)/have-bench

# One against all others, whatever of them this machine has.
CFLAGS_tests/bench/compare = $(BENCH_PEER_CFLAGS)
$(call objects,tests/bench/compare): | $(B)/have-bench
$(B)/bench/compare: $(call objects,tests/bench/compare) $(B)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LINK_LIB) $(BENCH_PEER_LIBS) -pthread -lrt

# ---- fuzzing ------------------------------------------------------------------

# All that is fuzzed in process is compiled by clang, for that alone. The device's
# fuzzer is a program as any other; its coverage is the kernel's.
FUZZERS := daemon library ring
FUZZ_FLAGS := -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_CORE := $(CORE:%=$(B)/fuzz/obj/kmod/%.o) \
	$(patsubst %.c,$(B)/fuzz/obj/%.o,$(wildcard tools/msgqd/*.c))

$(B)/fuzz/obj/%.o: %.c $(B)/shim/made Makefile | $(B)/have-fuzz
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)clang $(CORE_FLAGS) -Wno-missing-field-initializers $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

$(B)/fuzz/obj/%.o: %.cc Makefile | $(B)/have-fuzz
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)clang++ $(BASE) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

$(B)/fuzz/daemon: $(addprefix $(B)/fuzz/obj/tests/fuzz/,daemon_fuzz.o peer.o) \
	$(addprefix $(B)/fuzz/obj/tools/msgqd/,client.o ringer.o) $(FUZZ_CORE)
$(B)/fuzz/library: $(addprefix $(B)/fuzz/obj/tests/fuzz/,library_fuzz.o liar.o) \
	$(patsubst %.cc,$(B)/fuzz/obj/%.o,$(wildcard lib/*.cc))
FUZZ_LINK_library := -Wl,--wrap=connect,--wrap=sendmmsg
$(B)/fuzz/ring: $(B)/fuzz/obj/tests/fuzz/ring_fuzz.o
$(FUZZERS:%=$(B)/fuzz/%):
	$(call say,LINK,$@)
	$(Q)clang++ $(FUZZ_FLAGS) -fsanitize=fuzzer $(FUZZ_LINK_$(@F)) -o $@ $^

$(call objects,tests/fuzz/device): | $(B)/have-test
$(B)/fuzz/device: $(call objects,tests/fuzz/device)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $^ -luring -pthread

.PHONY: fuzz fuzz-quick fuzzers
fuzzers: $(FUZZERS:%=$(B)/fuzz/%)

-include $(shell find $(B)/obj $(B)/compat $(B)/fuzz/obj $(B)/bpf -name '*.d' 2>/dev/null)

# ---- the module ---------------------------------------------------------------

# Built in a copy, one for each kernel, so that they do not get in each
# other's way and the sources stay clean.
KMOD_SOURCES := Kbuild dkms.conf $(wildcard kmod/*.[ch] include/msgq/*.h include/uapi/linux/*.h)
# $(1) name, $(2) what runs make with the kernel's headers
define build-module
	@mkdir -p $(B)/kmod/$(1)
	@cp -u --parents $(KMOD_SOURCES) $(B)/kmod/$(1)/
	+$(2) M=$(abspath $(B)/kmod/$(1)) modules
endef

module: $(B)/kmod/$(KERNEL)/msgq.ko

$(B)/kmod/$(KERNEL)/msgq.ko: $(KMOD_SOURCES) | $(B)/have-module
	@tests/vm/kernel $(KERNEL) >/dev/null
	$(call build-module,$(KERNEL),tests/vm/kbuild $(KERNEL))

.PHONY: module-host
module-host: $(B)/kmod/host/msgq.ko
$(B)/kmod/host/msgq.ko: $(KMOD_SOURCES) | $(B)/have-module
	$(call build-module,host,$(MAKE) -C $(KERNELDIR))

# ---- the main job, the tests, the VM ------------------------------------------

.PHONY: demo check check-matrix check-compilers check-arm64 check-debug check-sanitize check-valgrind coverage model-full storm soak bench bench-ring
.PHONY: bench-vm lint vm shell clean
# These two are for who has just come: built by all CPUs, unless -j says otherwise.
QUICKLY = $(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

demo: ## move a file through a queue, with a sender killed on the way
	@+$(QUICKLY) tools
	@tools/demo/run $(FILE)

check: ## build and run all tests; the last line counts them
	@+$(QUICKLY) lib tools tests examples module fuzzers compat $(B)/have-test
	@tests/check

model-full: | $(B)/have-test ## the model's long cases, too; then its table: tests/model/model_test --table
	@MSGQ_MODEL_FULL=1 tests/model/model_test

check-sanitize: | $(B)/have-test $(B)/have-sanitize ## the native suites under the compiler's sanitizers
	@+tests/sanitize/run

check-valgrind: suites | $(B)/have-test $(B)/have-valgrind ## the calls that are not send and recv under valgrind
	@tests/valgrind/run

# The module for it is another one than $(KERNEL)'s.
check-debug: lib tools tests | $(B)/have-test ## the suites in a VM with a kernel that checks itself; KERNEL=kcsan for data races
	@+$(MAKE) --no-print-directory KERNEL=$(CHECKED) module
	@KERNEL=$(CHECKED) $(PATIENTLY) tests/check $$(tests/check --vm)
# A kernel that checks itself takes its time.
PATIENTLY := MSGQ_TEST_LIMIT=7200 MSGQ_TEST_WATCHDOG=900
CHECKED = $(if $(filter kcsan,$(KERNEL)),kcsan,debug)

coverage: lib tools tests | $(B)/have-test ## which lines of the module those suites run; fails for one that is not explained
	@+$(MAKE) --no-print-directory KERNEL=debug module
	@$(PATIENTLY) tests/coverage/run

fuzz-quick: fuzzers $(B)/fuzz/device module ## each fuzzer for a fixed number of executions, as make check does
	@tests/check fuzz_test device_test

FUZZ_SECONDS ?= 600
FUZZ_KERNEL ?= debug
fuzz: fuzzers $(B)/fuzz/device ## each fuzzer for FUZZ_SECONDS, that of the module in a VM with FUZZ_KERNEL
	@+$(MAKE) --no-print-directory KERNEL=$(FUZZ_KERNEL) module
	@FUZZ_KERNEL=$(FUZZ_KERNEL) tests/fuzz/run $(FUZZ_SECONDS) $(FUZZERS) device

check-matrix: lib tools tests compat | $(B)/have-test ## the module with every Debian kernel, all of user space by every compiler, arm64; a table
	@$(PATIENTLY) tests/matrix/table kernels compilers arm64

check-compilers: ## of that, user space by gcc and clang, here and in Debian 13
	@tests/matrix/compilers

check-arm64: ## of that, what can be shown of arm64 here
	@tests/matrix/arm64

storm: suites | $(B)/have-test ## 100000 senders and 10000 receivers killed, with msgqd
	@MSGQ_STORM_SENDERS=100000 MSGQ_STORM_RECEIVERS=10000 $(B)/tests/msgqd --gtest_filter='*Storm*'

SOAK_SECONDS ?= 7200
soak: $(B)/tests/soak module | $(B)/have-test ## everything at once in a VM, for SOAK_SECONDS (two hours)
	@MSGQ_SOAK_SECONDS=$(SOAK_SECONDS) tests/vm/run --kernel $(KERNEL) \
		--timeout $$(($(SOAK_SECONDS) * 2 + 300)) -- $(abspath $<)

BENCH_RESULTS := $(BUILD)/bench/results
bench: $(B)/bench/compare tools ## compare with other queues and this machine's limits; BENCH=--quick
	@mkdir -p $(BENCH_RESULTS)
	@ulimit -n 65536 2>/dev/null; tests/msgqd/with $< --csv $(BENCH_RESULTS)/results.csv \
		--latency $(BENCH_RESULTS)/latency.csv --markdown $(BENCH_RESULTS)/table.md $(BENCH)
	@tests/bench/plot $(BENCH_RESULTS)

bench-ring: $(B)/bench/ring_bench ## the ring alone, against the limits of this machine
	@$<

bench-vm: $(B)/bench/wait_bench module ## measure sleeping, waking and setting up, in a VM
	tests/vm/run --kernel $(KERNEL) -- $(abspath $<)

lint: lib tools tests module | $(B)/have-lint ## all style and static checks
	@tools/build/lint

vm: module ## run CMD='...' in a VM with the module loaded
	@test -n "$(CMD)" || { echo "make vm: CMD is empty; say what to run: make vm CMD='msgqctl list'"; exit 2; }
	PATH="$(abspath $(B)/bin):$$PATH" tests/vm/run --kernel $(KERNEL) -- sh -c '$(subst ','\'',$(CMD))'

shell: tools module ## an interactive shell in such a VM
	PATH="$(abspath $(B)/bin):$$PATH" tests/vm/run --kernel $(KERNEL) --shell

clean: ## remove what was built; kernels fetched stay
	find $(B) -mindepth 1 -maxdepth 1 ! -name kernels -exec rm -rf {} +

# ---- installing ------------------------------------------------------------------

below = $(patsubst $(PREFIX)/%,%,$(1))
# One list, used in both directions: kind, source, destination below PREFIX.
INSTALL_LIST = \
	$(foreach h,$(wildcard include/*.h include/*.hpp include/msgq/*.h include/msgqipc/*.hpp),data $(h) $(h)) \
	data include/uapi/linux/msgq.h include/linux/msgq.h \
	data $(B)/lib/msgqipc.pc $(LIBS_BELOW)/pkgconfig/msgqipc.pc \
	$(foreach c,$(patsubst lib/%.in,%,$(wildcard lib/*.cmake.in)),data $(B)/lib/$(c) $(LIBS_BELOW)/cmake/msgqipc/$(c)) \
	data $(B)/lib/libmsgqipc.a $(LIBS_BELOW)/libmsgqipc.a \
	data $(B)/lib/$(LIB_SO) $(LIBS_BELOW)/$(LIB_SO) \
	link $(LIB_SO) $(LIBS_BELOW)/libmsgqipc.so.$(ABI) \
	link libmsgqipc.so.$(ABI) $(LIBS_BELOW)/libmsgqipc.so \
	$(foreach u,msgqd.service msgqd.socket,data $(B)/tools/msgqd/$(u) lib/systemd/system/$(u)) \
	$(foreach t,$(TOOLS),program $(t) bin/$(notdir $(t))) \
	$(foreach s,$(wildcard tools/bpftrace/*.bt),program $(s) $(call below,$(SBINDIR))/$(notdir $(s))) \
	data $(B)/completion/msgqctl.bash share/bash-completion/completions/msgqctl \
	data $(B)/completion/msgqctl.zsh $(call below,$(ZSHDIR))/_msgqctl \
	data $(B)/completion/msgqctl.fish share/fish/vendor_completions.d/msgqctl.fish \
	data tools/msgqctl/schema.json share/msgq/msgqctl.schema.json \
	$(foreach m,$(MAN_PAGES),data $(m) share/man/man$(patsubst .%,%,$(suffix $(m)))/$(notdir $(m))) \
	$(MAN_LINKS)

MAN_PAGES := $(wildcard man/*.[1-8])
# A page is found by each of the names that it lists.
MAN_LINKS = $(shell awk '/^\.Sh/ { page = FILENAME; sub(/.*\//, "", page); here = $$2 == "NAME" } \
	here && /^\.Nm/ && $$2 ".3" != page { print "link", page, "share/man/man3/" $$2 ".3" }' man/*.3)

.PHONY: install uninstall
install: lib tools ## library, headers, tools and manual pages to DESTDIR and PREFIX
	@tools/build/install add '$(DESTDIR)$(PREFIX)' $(INSTALL_LIST)
	@test -n '$(DESTDIR)' || ldconfig || true
	$(call then,queues are kept by the module (make install-dkms) or a daemon (systemctl enable --now msgqd.socket))

# What is left to do, if it is this machine that was installed to.
then = @test -n '$(DESTDIR)' || echo 'next: $(1); see man msgq-guide'

# A unit that is enabled leaves a link to it; another one of that name is not ours.
uninstall: ## what install put there
	@test -n '$(DESTDIR)' || test "$$(systemctl show -P FragmentPath msgqd.socket 2>/dev/null)" != \
		'$(PREFIX)/lib/systemd/system/msgqd.socket' || systemctl --quiet disable --now msgqd.socket
	@tools/build/install remove '$(DESTDIR)$(PREFIX)' $(INSTALL_LIST)

# Where dkms looks for it, and udev, modprobe and systemd for theirs: PREFIX is
# not asked. Only who then calls dkms has a module that these speak of.
MODULE_LIST = \
	$(foreach f,$(KMOD_SOURCES),data $(f) src/msgq-$(VERSION)/$(f)) \
	$(foreach r,$(wildcard kmod/system/*.rules),data $(r) lib/udev/rules.d/$(notdir $(r))) \
	data kmod/system/modules-load.conf lib/modules-load.d/msgq.conf \
	data kmod/system/modprobe.conf lib/modprobe.d/msgq.conf

.PHONY: install-dkms uninstall-dkms
install-dkms: ## the module's source to DESTDIR and /usr/src, with its udev rule; then: dkms install msgq/VERSION
	@tools/build/install add '$(DESTDIR)/usr' $(MODULE_LIST)
	$(call then,dkms install msgq/$(VERSION)$(COMMA) and modprobe msgq)

uninstall-dkms: ## what install-dkms put there; before: dkms remove msgq/VERSION --all
	@tools/build/install remove '$(DESTDIR)/usr' $(MODULE_LIST)

# ---- packages --------------------------------------------------------------------

.PHONY: deb rpm check-packages
deb: | $(B)/have-deb ## the Debian packages, to $(BUILD)/deb
	@tools/build/deb $(B)/deb

rpm: | $(B)/have-rpm ## the same for RPM, to $(BUILD)/rpm
	@tools/build/rpm $(B)/rpm

check-packages: deb rpm | $(B)/have-packages ## install them in clean Debian roots, and boot these
	@tests/packages/check

help: ## this list
	@echo 'make              build library and tools, and the module if this kernel has headers'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 22
	@echo 'Variables: BUILD PREFIX DESTDIR KERNEL FILE HOST=module|msgqd|vm BENCH V=1'
