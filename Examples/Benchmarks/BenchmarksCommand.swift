import ArgumentParser
import CKernels
import Equivariant

@main struct BenchmarksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks", abstract: "Measures speed and precision.",
    discussion:
      "The commands that time print one JSON line per figure (seconds is the median); precision, expressivity and equivariance print tables.",
    subcommands: [
      Engine.self, Groups.self, Products.self, Frames.self, Orientations.self, Permutations.self, Molecules.self, Expressivity.self,
      Equivariance.self, Precision.self,
    ])

  /// The options that all timing commands share.
  struct Timing: ParsableArguments {
    @Option(help: "Only figures whose name contains one of these, separated by commas.") var only = ""
    @Option(help: "Seconds of timed runs for each figure.") var budget = 1.0
    @Option(help: "Threads, one number; 1 and 2 where not given.") var threads: Int?

    func validate() throws {
      if let threads, !(1...Threads.limit).contains(threads) {
        throw ValidationError("--threads must be at least 1 and at most \(Threads.limit), not \(threads)")
      }
      if !(budget >= 0 && budget.isFinite) { throw ValidationError("--budget must be at least 0, not \(budget)") }
    }

    var bench: Bench {
      printMachine()
      Machine.keepFreedMemory()
      var bench = Bench(budget: budget, only: only.split(separator: ",").map(String.init))
      if let threads { bench.threadCounts = [threads] }
      return bench
    }
  }

  struct Engine: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tensor operations, matrix products, EGNN training steps.")
    @OptionGroup var timing: Timing
    func run() { EngineBenchmarks(bench: timing.bench).run() }
  }

  struct Groups: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Spherical harmonics, Wigner matrices, transforms on the sphere and on SO(3).")
    @OptionGroup var timing: Timing
    func run() { GroupBenchmarks(bench: timing.bench).run() }
  }

  struct Products: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Products of irreps: Clebsch-Gordan against the machine's limits, Gaunt by each method, contractions.",
      discussion:
        "Names for --only: uvu, uuu, convolution, overhead, construction, gaunt, vector_signal, crossover, contraction, matrix, rotated.")
    @OptionGroup var timing: Timing
    @Option(help: "Largest degrees of Clebsch-Gordan products, separated by commas.") var degrees = "1,2,3,4,6"
    @Flag(help: "Only the peak of memory of a fused convolution of a million edges.") var memory = false
    @Flag(help: "Only where one method of the Gaunt product overtakes another, as Swift source.") var table = false

    func validate() throws {
      guard degrees.split(separator: ",").allSatisfy({ Int($0).map { 0...12 ~= $0 } ?? false }) else {
        throw ValidationError("--degrees takes numbers from 0 to 12, separated by commas, not \(degrees).")
      }
    }

    func run() {
      if memory { return ConvolutionCase.million() }
      if table { return GauntTable().run() }
      let bench = timing.bench
      ProductBenchmarks(bench: bench, degrees: degrees.split(separator: ",").compactMap { Int($0) }).run()
      GauntBenchmarks(bench: bench).run()
      ContractionBenchmarks(bench: bench).run()
    }
  }

  struct Frames: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Frames of point clouds, FA-GNN training steps.")
    @OptionGroup var timing: Timing
    func run() { FrameBenchmarks(bench: timing.bench).run() }
  }

  struct Orientations: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ponita", abstract: "Training steps of networks on positions and orientations.",
      discussion: "Names for --only: ponita/SIZE/GRID of the sizes nbody, nbody_large, qm9like and the grids antipodal, general, default.")
    @OptionGroup var timing: Timing
    @Flag(help: "Only the peak of memory of training steps.") var memory = false
    func run() {
      let benchmarks = PONITABenchmarks(bench: timing.bench)
      if memory { benchmarks.memory() } else { benchmarks.run() }
    }
  }

  struct Permutations: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Layers that commute with permutations, and training steps on all pairs and on subgraphs as graphs grow.",
      discussion: "Names for --only: permutations/linear, growth/spen, growth/order2. Growth is measured on the first number of threads.")
    @OptionGroup var timing: Timing
    @Option(help: "Nodes of the growing graphs, separated by commas, smallest first.")
    var nodes = SubgraphBenchmarks.sizes.map(String.init).joined(separator: ",")
    @Option(help: "Only growth of one network, spen or order2, all sizes in this process: a peak of memory is that of the largest so far.")
    var alone: String?

    private var sizes: [Int] { nodes.split(separator: ",").compactMap { Int($0) } }

    func validate() throws {
      guard sizes.count == nodes.split(separator: ",").count, sizes.allSatisfy({ $0 >= 4 }) else {
        throw ValidationError("--nodes takes numbers from 4, separated by commas, not \(nodes).")
      }
      guard alone.map({ SubgraphBenchmarks.Network(rawValue: $0) != nil }) ?? true else {
        throw ValidationError("--alone takes spen or order2, not \(alone!).")
      }
    }

    func run() throws {
      let bench = timing.bench
      let growth = SubgraphBenchmarks(bench: bench)
      if let network = alone.flatMap(SubgraphBenchmarks.Network.init) {
        for size in sizes { growth.measure(network, nodes: size) }
      } else {
        PermutationBenchmarks(bench: bench).run()
        try growth.run(nodes: sizes)
      }
    }
  }

  struct Molecules: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Neighbours of atoms, files of trajectories, energies and forces by compiled potentials.",
      discussion: "Names for --only: neighbors, stream, energy_forces/MODEL/SYSTEM/PRECISION and parts of it.")
    @OptionGroup var timing: Timing
    @Option(help: "Frames of three atoms that are written to a file and read again.") var frames = 1_000_000
    @Option(help: "A file of a potential, in place of MACE with random weights; may be repeated.") var model: [String] = []
    @Option(help: "A file of structures, in place of ethanol and silicon.") var structures: String?
    @Flag(help: "Only time and memory as a crystal of silicon grows from 64 to 32768 atoms.") var growth = false

    func validate() throws {
      guard frames >= 1 else { throw ValidationError("--frames must be at least 1, not \(frames)") }
    }

    func run() throws {
      let bench = timing.bench
      let potentials = PotentialBenchmarks(bench: bench, models: model, structures: structures)
      if growth { return try potentials.growth() }
      if model.isEmpty && structures == nil {
        try StreamBenchmarks(bench: bench, frames: frames).run()
        MoleculesBenchmarks(bench: bench).run()
      }
      try potentials.run()
    }
  }

  struct Expressivity: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Which bilinear maps each product realises, what is missing, and what it costs.")
    @Option(help: "The largest degree of inputs and outputs.") var degree = 3

    func validate() throws {
      guard 0...12 ~= degree else { throw ValidationError("--degree takes a number from 0 to 12, not \(degree).") }
    }

    func run() { ExpressivityTable(degree: degree).run() }
  }

  struct Equivariance: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How far variants of PONITA are from being equivariant, against the number of orientations, and what they cost.",
      discussion:
        """
        error: largest relative error under E(3), the median of random models; under group: under the point group of the grid; times are of one \
        thread for ten systems of five particles; cost: of a step of training relative to 16 fixed orientations.
        """)
    @Flag(help: "JSON lines instead of a table.") var json = false
    @Option(help: "Channels.") var hidden = 32
    @Option(help: "Random models.") var seeds = 3

    func validate() throws {
      guard hidden >= 3, seeds >= 1 else { throw ValidationError("--hidden takes 3 or more, --seeds 1 or more.") }
    }

    func run() {
      Threads.count = 1
      EquivarianceTable(hidden: hidden, seeds: seeds, printsJSON: json).run()
    }
  }

  struct Precision: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Errors of harmonics, Wigner matrices, transforms and coupling coefficients by degree; fails where a limit is broken.")
    func run() throws {
      var benchmarks = PrecisionBenchmarks()
      try benchmarks.run()
      if benchmarks.failures > 0 { throw ExitCode.failure }
    }
  }
}

/// Prints the properties of the machine that the figures depend on.
func printMachine() {
  Bench.line(
    "machine", [:],
    ["blas_core": Machine.blasCore, "kernels": String(cString: ck_level_name()), "processors": Threads.processorCount])
}
