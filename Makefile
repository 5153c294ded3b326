# `make` alone prints this help.

SHELL := /bin/sh
PACKAGES := ffmpeg fonts-noto-core fonts-noto-cjk libcurl4-openssl-dev libjpeg-dev libpng-dev libwebp-dev liblcms2-dev liblcms2-utils libsqlite3-dev libxml2-dev zlib1g-dev pkg-config curl jq python3-venv
VITRINE := .build/release/vitrine
CHECKED := --explicit-target-dependency-import-check error
ONLY ?=
SECONDS ?=

.DEFAULT_GOAL := help
.PHONY: help deps assets build test conformance faults check format lint demo serve work bench styles fuzz clean

help: ## print this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-11s %s\n", $$1, $$2 }'

deps: ## install the Debian packages that are missing, and say which
	@missing=""; \
	for package in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "installing:$$missing"; \
	    sudo=$$( [ "$$(id -u)" = 0 ] || echo sudo ); \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

assets: ## write down the files that travel inside the program
	@scripts/list-assets

build: deps assets ## build the program for use: .build/release/vitrine
	swift build -c release --product vitrine $(CHECKED)

test: deps assets ## run all tests
	swift build --build-tests $(CHECKED)
	scripts/run-tests

conformance: build ## the vendors' own clients against the simulated providers
	@scripts/conformance/check $(abspath $(VITRINE))

faults: build ## 2,000 faults at every provider and killed workers: nothing doubled, nothing lost; five minutes
	@scripts/faults

check: deps assets format-check lint test build conformance ## everything that CI runs: format, lint, tests, the demo, the presets
	$(VITRINE) presets check
	$(VITRINE) presets test
	scripts/check-demo
	scripts/check-providers
	scripts/faults 400
	scripts/check-api
	scripts/check-studio

.PHONY: format-check
format-check:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks

format: ## format all Swift
	swift format format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

lint: ## look for what the compiler does not see
	@scripts/lint

demo: build ## the main job on catalog-samples/: a gallery in demo/
	@$(VITRINE) generate catalog-samples/storefront.csv --out demo --home demo/.vitrine; \
	code=$$?; if [ $$code -ne 0 ] && [ $$code -ne 3 ]; then exit $$code; fi; \
	echo "open demo/index.html in a browser"

serve: build ## run the HTTP service and workers on the home ./.vitrine until stopped
	$(VITRINE) serve

work: build ## run workers on the home ./.vitrine until stopped
	$(VITRINE) work

bench: build ## print one line a comparison; make bench ONLY=NAME runs one
	@scripts/bench $(ONLY)

fuzz: build ## throw broken pictures at the codecs for ten minutes; make fuzz SECONDS=60 for less
	@python3 Fuzz/hostile.py $(VITRINE)
	@scripts/fuzz $(SECONDS)

styles: deps assets ## draw docs/styles.jpg and docs/motions.jpg: every look and every motion
	swift build -c release --product Benchmarks
	.build/release/Benchmarks styles

clean: ## remove what was built
	rm -rf .build demo
