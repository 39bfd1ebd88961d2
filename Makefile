# Skiff's commands. `make` or `make help` lists them; CONTRIBUTING.md says when to use which.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PREFIX ?= /usr/local
# Where SwiftPM builds. .ci/run points it, and a link .build, at a folder that outlives the clone.
SCRATCH ?= .build
SWIFT := swift
PROGRAMS := $(abspath .build/release)
export SKIFF_BIN ?= $(PROGRAMS)
UNITS = $(DESTDIR)$(PREFIX)/lib/systemd/system

# Test targets that need root, this kernel's namespaces and cgroups, or the built programs. All others are pure.
KERNEL_TESTS := LinuxTests NetlinkTests CgroupsTests SeccompTests ArchiveTests ContentStoreTests SnapshotsTests \
  VolumesTests ImagesTests RuntimeTests MonitorTests NetworksTests TasksTests EngineTests ServerTests CommandsTests \
  BlackBoxTests FuzzTests
empty :=
KERNEL_TESTS_PATTERN := ^($(subst $(empty) $(empty),|,$(strip $(KERNEL_TESTS))))\.
# Tests that end processes of their own (exit tests). They run alone: Swift Testing waits for any child there is, and
# never sees its own while another test's has ended and waits to be collected.
CRASH_TESTS_PATTERN := ^(DatabaseTests|ContentStoreTests|SnapshotsTests|VolumesTests|ImagesTests)\.
# Tests that wait for commands. Each holds a thread of Swift's pool meanwhile, of which there are as many as cores, and
# tests that serve in this process need them.
BLACK_BOX_TESTS_PATTERN := ^BlackBoxTests\.
# A minute of both processors, which nobody else should have to wait for.
FUZZ_TESTS_PATTERN := ^FuzzTests\.

.PHONY: help setup build check test test-vm demo demo-clean bench format lint install uninstall

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) \
	  | awk -F '|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: ## install the Debian packages that build, tests and demo need
	@scripts/setup

build: ## build the programs into .build/release/
	@scripts/setup --check
	$(SWIFT) build --scratch-path $(SCRATCH) -c release --static-swift-stdlib

check: ## two minutes: debug build, pure tests (no root, no kernel), the house's rules, format
	@scripts/setup --check
	@scripts/run-tests --scratch-path $(SCRATCH) --skip '$(KERNEL_TESTS_PATTERN)'
	@$(MAKE) --no-print-directory lint

test: setup build ## everything: pure tests, the kernel's (as root) and the built programs
	@scripts/peers setup
	@scripts/run-tests --scratch-path $(SCRATCH) --skip '$(CRASH_TESTS_PATTERN)|$(BLACK_BOX_TESTS_PATTERN)|$(FUZZ_TESTS_PATTERN)'
	@scripts/run-tests --scratch-path $(SCRATCH) --filter '$(CRASH_TESTS_PATTERN)'
	@scripts/run-tests --scratch-path $(SCRATCH) --filter '$(BLACK_BOX_TESTS_PATTERN)'
	@scripts/run-tests --scratch-path $(SCRATCH) --filter '$(FUZZ_TESTS_PATTERN)'

test-vm: setup build ## boot Debian's own kernel under emulation and run Tests/VM there
	@Tests/VM/run

demo: setup build ## show what runs so far, in a folder of its own
	@scripts/demo run

demo-clean: ## remove everything that the demo made
	@scripts/demo clean

bench: setup build ## compare with crun and Docker; fails above a bound
	@scripts/peers setup
	@Benchmarks/run

format: ## lay the sources out as swift-format does
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

lint: ## report what swift-format would change
	@$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests && echo "lint: clean"

install: ## install the built programs and systemd's units below PREFIX (default /usr/local)
	@[ -x $(PROGRAMS)/skiff-monitor ] || { echo "install: there are no programs in .build/release: run \`make build\` first" >&2; exit 1; }
	@for program in skiff skiffd skiff-monitor skiff-netd; do \
	  [ -x $(PROGRAMS)/$$program ] || { echo "install: $$program is not there yet" >&2; continue; }; \
	  case $$program in skiff) folder=bin ;; *) folder=libexec/skiff ;; esac; \
	  install -D -m 0755 $(PROGRAMS)/$$program $(DESTDIR)$(PREFIX)/$$folder/$$program; \
	  echo "installed $(DESTDIR)$(PREFIX)/$$folder/$$program"; \
	done
	@install -D -m 0644 packaging/systemd/skiff.socket $(UNITS)/skiff.socket
	@install -D -m 0644 packaging/systemd/skiff.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/skiff.conf
	@sed 's|@LIBEXEC@|$(PREFIX)/libexec/skiff|' packaging/systemd/skiff.service.in >$(UNITS)/skiff.service
	@echo "installed $(UNITS)/skiff.{service,socket}"
	@if [ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ]; then exit 0; fi; \
	getent group skiff >/dev/null || { groupadd --system skiff; echo "made the group skiff, whose members may use the socket"; }; \
	[ ! -d /run/systemd/system ] || { systemctl daemon-reload; echo "start it at boot with: systemctl enable --now skiff.socket"; }

uninstall: ## remove what install put there; data roots and the group skiff stay
	rm -f $(DESTDIR)$(PREFIX)/bin/skiff
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/libexec/skiff/,skiffd skiff-monitor skiff-netd)
	rm -f $(UNITS)/skiff.service $(UNITS)/skiff.socket $(DESTDIR)$(PREFIX)/lib/sysusers.d/skiff.conf
	@rmdir --ignore-fail-on-non-empty $(DESTDIR)$(PREFIX)/libexec/skiff 2>/dev/null || true
