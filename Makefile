# Two commands for a newcomer: `make nbody` and `make test`. Both install what is missing first.

# Debian packages; the one list.
APT_PACKAGES = libfftw3-dev libopenblas-dev zlib1g-dev pkg-config
# The same libraries as pkg-config knows them, for systems without apt.
PKG_CONFIG_LIBRARIES = fftw3 fftw3f openblas zlib
# The package's own libraries, in the order of the manifest.
LIBRARIES = $(shell sed -n '/^let libraries/,/^]/s/^  ."\([A-Za-z]*\)".*/\1/p' Package.swift)
# The folder of the web server that the documentation is made for, such as /swift-equivariant; empty for its root.
BASE ?=

SWIFT ?= swift
# The kernels are C; without -O2 a debug build of them is five times slower.
DEBUG_FLAGS = -Xcc -O2
RUN ?= runs/nbody
# Tests of the kernels of products.
PRODUCTS = OrientationConvolutionTests|FiberConvolutionTests|RandomProductTests|GauntTensorProductTests|GauntPowerTests|SymmetricContractionTests|ConvolutionPlanTests|PolynomialPlanTests|GatePlanTests
# Tests that the sanitizers watch: those of kernels, of readers and of damaged files; those that use several threads. Not GraphMemoryTests, which
# measures the memory of the process.
ADDRESS_TESTS = KernelTests|NeighborListTests|LineReaderTests|DerivativeLawTests|NormsTests|SymmetricEigenTests|EGNNTests|SphereTransformTests|WignerMatricesTests|NearestNeighborsTests|EdgePairsTests|FuzzTests|CompiledPotentialTests|RadialTable|ScratchPoolTests|AtomOrderTests|$(PRODUCTS)
THREAD_TESTS = ThreadsTests|ThreadCheckTests|TransformThreadsTests|LossContextTests|EGNNTests|SphereTransformTests|NearestNeighborsTests|TensorProductConvolutionTests|OrientationConvolutionTests|AtomicFileTests|CompiledPotentialTests|RadialTableSetTests|ScratchPoolTests

.PHONY: help setup build nbody test test-slow lint format benchmarks docs sanitize sanitize-address sanitize-thread cross clean

help:
	@echo "make nbody       build, train on the n-body problem, write a report (minutes)"
	@echo "make test        build and run all tests"
	@echo "make test-slow   the same with the slow ones (long fuzzing, full data sets)"
	@echo "make benchmarks  measure speed and precision"
	@echo "make lint        check formatting;  make format  apply it"
	@echo "make docs        build the documentation as one site (BASE=/folder of a web server)"
	@echo "make sanitize    run tests under the address and the thread sanitizer"
	@echo "make cross       compile the C code and what can be compiled of the Swift code for 64-bit ARM"

setup:
	@SWIFT="$(SWIFT)" APT_PACKAGES="$(APT_PACKAGES)" LIBRARIES="$(PKG_CONFIG_LIBRARIES)" sh Scripts/setup.sh

build: setup
	$(SWIFT) build -c release --product nbody

nbody: build
	@if [ -f "$(RUN)/checkpoint.safetensors" ]; then \
	  echo "continuing the run in $(RUN)/"; .build/release/nbody train --resume --output "$(RUN)"; \
	else .build/release/nbody train --output "$(RUN)" --velocities; fi
	.build/release/nbody evaluate "$(RUN)"
	.build/release/nbody rollout "$(RUN)"
	.build/release/nbody report --run "$(RUN)"
	@echo
	@echo "report:     $(RUN)/report.html"
	@echo "checkpoint: $(RUN)/best.safetensors"

# The whole suite, then the numerical tests at each lower instruction set.
test: setup
	$(SWIFT) build --build-tests $(DEBUG_FLAGS)
	$(SWIFT) test $(DEBUG_FLAGS) --skip-build
	CK_LEVEL=0 $(SWIFT) test $(DEBUG_FLAGS) --skip-build --filter 'KernelTests|DerivativeLawTests|EGNNTests|FourierTransformsTests|$(PRODUCTS)'
	CK_LEVEL=1 $(SWIFT) test $(DEBUG_FLAGS) --skip-build --filter 'KernelTests|DerivativeLawTests|EGNNTests|FourierTransformsTests|$(PRODUCTS)'

test-slow:
	EQUIVARIANT_SLOW_TESTS=1 $(MAKE) test

lint:
	$(SWIFT) format lint --strict --parallel --recursive --configuration .swift-format Package.swift Plugins Sources Tests Examples

format:
	$(SWIFT) format --in-place --parallel --recursive --configuration .swift-format Package.swift Plugins Sources Tests Examples

benchmarks: setup
	$(SWIFT) build -c release --product benchmarks
	.build/release/benchmarks engine
	.build/release/benchmarks groups
	.build/release/benchmarks products
	.build/release/benchmarks products --memory
	.build/release/benchmarks frames
	.build/release/benchmarks ponita
	.build/release/benchmarks ponita --memory
	.build/release/benchmarks molecules
	.build/release/benchmarks permutations
	.build/release/benchmarks expressivity
	.build/release/benchmarks precision

# One static site of all libraries, without dependencies and programs; a warning of DocC is an error.
docs: setup
	@rm -rf .build/site
	$(SWIFT) package $(DEBUG_FLAGS) --disable-sandbox --allow-writing-to-directory .build generate-documentation \
	  --enable-experimental-combined-documentation $(patsubst %,--target %,Equivariant $(LIBRARIES)) \
	  --warnings-as-errors --fallback-default-module-kind Library \
	  $(if $(BASE),--hosting-base-path "$(BASE)") --output-path .build/site
	python3 Scripts/site.py .build/site "$(BASE)" $(LIBRARIES)
	@echo
	@echo "documentation: .build/site/ (to read it here: python3 -m http.server --directory .build/site)"

# The memory and the threads of the package's own kernels, C among them, and of its readers; a build folder for each.
sanitize: setup
	$(MAKE) sanitize-address sanitize-thread

sanitize-address:
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build/asan $(DEBUG_FLAGS)
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build/asan $(DEBUG_FLAGS) --skip-build --filter '$(ADDRESS_TESTS)'

sanitize-thread:
	$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build/tsan $(DEBUG_FLAGS)
	TSAN_OPTIONS="halt_on_error=1 suppressions=$(CURDIR)/Scripts/tsan.supp" $(SWIFT) test --sanitize=thread --scratch-path .build/tsan $(DEBUG_FLAGS) --skip-build --filter '$(THREAD_TESTS)'

# C and Swift for 64-bit ARM, to objects; the script says what is left out.
cross: setup
	@SWIFT="$(SWIFT)" APT_PACKAGES="libc6-dev-arm64-cross" LIBRARIES="" sh Scripts/setup.sh
	$(SWIFT) package resolve
	@LIBRARIES="$(LIBRARIES)" sh Scripts/cross.sh

clean:
	rm -rf .build
