# homecase. `make help` lists the targets.
SHELL := /bin/bash
GO ?= go
FUZZTIME ?= 5s

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

build: ## build bin/homecase, static and without cgo
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/homecase ./cmd/homecase

check: ## formatting, vet, arrows, tidy modules, generated files; works offline
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt on these files'; exit 1; }
	$(GO) vet ./...
	$(GO) mod verify
	$(GO) mod tidy -diff
	$(GO) test -count=1 -run 'TestArrows|TestFewModules|TestPackages|TestFiles|TestSchemaIsCurrent|TestTreesAreCurrent|TestMethod|TestDependencies|TestReadme|TestNouns' .

test: need ## install what the tests need, then run all of them
	HOMECASE_TESTS_COMPLETE=1 $(GO) test -count=1 -timeout 20m ./...

test-long: need ## the long suites: simulations, fuzzing, every page
	HOMECASE_TESTS_COMPLETE=1 HOMECASE_TESTS_LONG=1 $(GO) test -count=1 -timeout 120m ./...
	$(MAKE) fuzz FUZZTIME=60s

fuzz: ## fuzz every parser for FUZZTIME each
	@for p in $$(git grep -lE '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$p/*_test.go | sed 's/func //'); do \
	    echo "$$p $$f"; $(GO) test ./$$p -run xxx -fuzz "^$$f$$" -fuzztime $(FUZZTIME) || exit 1; done; done

simulate: ## error rates of the trial's verdicts, as docs/statistics.md prints them (minutes)
	HOMECASE_SIMULATE=1 $(GO) test -count=1 -timeout 60m -run Simulate -v ./trial/...

bench: ## speed beside peers in the same run; ratios are written down in docs/performance.md
	tools/bench.sh

bench-office: need ## the office under load, beside an empty handler and pgbench in the same run
	tools/bench/office.sh

need: ## install what the tests need (Debian packages; other systems are told what is missing)
	tools/need.sh

.PHONY: help build check test test-long fuzz simulate bench bench-office need
