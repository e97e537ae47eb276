// swift-tools-version: 6.2
import PackageDescription

// The package as one table, lowest level first: a target imports only what stands above it here.

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

/// Library targets, each a product of its own, and each with a test target `<name>Tests`.
let libraries: [(name: String, dependencies: [Target.Dependency])] = [
  ("GroupTheory", [realModule]),
  ("DifferentiableTensors", ["CKernels", "COpenBLAS"]),
  ("FileFormats", ["CZlib"]),
  ("FourierTransforms", ["GroupTheory", "DifferentiableTensors", "CKernels", "CFFTW"]),
  ("MessagePassing", ["DifferentiableTensors"]),
  ("NeuralModules", ["DifferentiableTensors"]),
  ("EquivariantTraining", ["NeuralModules", "FileFormats", realModule]),
  ("EquivariantDatasets", ["CKernels", "GroupTheory", "MessagePassing", "FileFormats", realModule]),
  ("EquivariantLayers", ["FourierTransforms", "MessagePassing", "NeuralModules", "CKernels", "CFFTW", realModule]),
  ("AtomicStructures", ["MessagePassing", "FileFormats", realModule]),
  ("EquivarianceTesting", ["GroupTheory", "NeuralModules", "EquivariantLayers", "EquivariantTraining"]),
  ("EquivariantModels", ["EquivariantLayers", "MessagePassing", "NeuralModules"]),
  ("InteratomicPotentials", ["AtomicStructures", "EquivariantLayers", "EquivariantModels", "EquivariantTraining", "CKernels", realModule]),
]

/// Libraries whose tests read files of `Tests/<name>Tests/References` where they lie.
let withReferences: Set = [
  "AtomicStructures", "InteratomicPotentials", "EquivariantDatasets", "EquivariantLayers", "EquivariantModels", "EquivariantTraining",
  "FileFormats", "GroupTheory", "MessagePassing", "NeuralModules",
]

/// Programs under `Examples/`; `ExampleTests` runs them.
let examples: [(name: String, folder: String)] = [
  ("nbody", "NBody"),
  ("tetris", "Tetris"),
  ("graphs", "Graphs"),
  ("benchmarks", "Benchmarks"),
  ("pointclouds", "PointClouds"),
  ("molecules", "Molecules"),
]

/// Programs whose models are listed from the files of their folder `Models`.
let withModels: Set = ["nbody", "molecules", "pointclouds", "graphs"]

/// With EQUIVARIANT_STRICT set, a warning in our own targets is an error (as in continuous integration).
let strict = Context.environment["EQUIVARIANT_STRICT"] != nil
let swiftSettings: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []
let cSettings: [CSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let package = Package(
  name: "swift-equivariant",
  products: libraries.map { .library(name: $0.name, targets: [$0.name]) }
    + [.library(name: "Equivariant", targets: ["Equivariant"])]
    + examples.map { .executable(name: $0.name, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels", cSettings: cSettings, linkerSettings: [.linkedLibrary("m")]),
  ]
    + [.target(name: "Requirements", swiftSettings: swiftSettings)]
    + libraries.map { .target(name: $0.name, dependencies: $0.dependencies + ["Requirements"], swiftSettings: swiftSettings) }
    + [.target(name: "Equivariant", dependencies: libraries.map { .byName(name: $0.name) }, swiftSettings: swiftSettings)]
    + [
      // What several of the programs use: pages, progress, interruption.
      .target(
        name: "ExampleSupport", dependencies: ["Equivariant", "Requirements", argumentParser], path: "Examples/Support",
        swiftSettings: swiftSettings)
    ]
    + [
      // The list of a program's models.
      .executableTarget(name: "ModelRegistryTool", path: "Plugins/ModelRegistryTool", swiftSettings: swiftSettings),
      .plugin(name: "ModelRegistry", capability: .buildTool(), dependencies: ["ModelRegistryTool"]),
    ]
    + examples.map { example in
      .executableTarget(
        name: example.name, dependencies: ["Equivariant", "ExampleSupport", "Requirements", "CKernels", "COpenBLAS", argumentParser],
        path: "Examples/\(example.folder)",
        swiftSettings: swiftSettings,
        plugins: withModels.contains(example.name) ? ["ModelRegistry"] : [])
    }
    + libraries.map { library in
      .testTarget(
        name: "\(library.name)Tests",
        dependencies: ["Equivariant"] + (["FileFormats", "AtomicStructures"].contains(library.name) ? ["FuzzSupport"] : []),
        exclude: withReferences.contains(library.name) ? ["References"] : [], swiftSettings: swiftSettings)
    }
    + [
      .testTarget(name: "RequirementsTests", dependencies: ["Requirements"], swiftSettings: swiftSettings),
      // Damaged files, for the tests of readers and of programs.
      .target(name: "FuzzSupport", dependencies: ["FileFormats"], path: "Tests/FuzzSupport", swiftSettings: swiftSettings),
      // The training programs of the documentation, which tests run, kill and resume.
      .executableTarget(
        name: "training-program", dependencies: ["Equivariant"], path: "Tests/TrainingProgram", swiftSettings: swiftSettings),
      .executableTarget(name: "qm9-program", dependencies: ["Equivariant"], path: "Tests/QM9Program", swiftSettings: swiftSettings),
      .testTarget(
        name: "ExampleTests",
        dependencies: ["Equivariant", "ExampleSupport", "FuzzSupport", "training-program", "qm9-program"]
          + examples.map { .byName(name: $0.name) },
        exclude: ["References"], swiftSettings: swiftSettings),
    ],
  swiftLanguageModes: [.v6]
)
