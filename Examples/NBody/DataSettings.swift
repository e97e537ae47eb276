import ArgumentParser
import Equivariant

/// The source of the samples of a run.
struct DataSettings: Configurable {
  /// The file of the data; nil if they are simulated.
  var file: String?
  var trainCount = 3000
  var seed: UInt32 = 43
  var system = SystemKind.charged
  var bodies = 5

  static let settings: [Setting<Self>] = [
    .init("data", \.file, "An .npz file to read the data from, instead of simulating them."),
    .init("train-count", \.trainCount, in: 1...1_000_000, "Training samples, up to 10000; of --data, those that it has."),
    .init("data-seed", \.seed, "Seed of the simulated data; 43 gives the published set."),
    .init("system", \.system, "What moves."),
    .init("bodies", \.bodies, in: 2...1000, "Number of bodies."),
  ]

  func complete(given names: Set<String>) throws(SettingError) {
    guard file != nil else { return }
    for name in ["data-seed", "bodies"] where names.contains(name) {
      throw SettingError("--\(name) has no effect: the data come from --data")
    }
  }

  var objection: String? {
    file == nil && trainCount > 10_000 ? "--train-count must be at least 1 and at most 10000, not \(trainCount)" : nil
  }
}

/// The systems that `nbody` simulates.
enum SystemKind: String, CaseIterable, SettingValue, ExpressibleByArgument {
  case charged, gravity, springs
  func system(bodies: Int) -> NBodySystem {
    switch self {
    case .charged: .charged(bodies: bodies)
    case .gravity: .gravity(bodies: bodies)
    case .springs: .springs(bodies: bodies)
    }
  }
}
