import Equivariant
import Foundation

/// The errors of equivariance under E(3) of variants of PONITA with random weights, and their cost, as a function of the number n of
/// orientations.
struct EquivarianceTable {
  let hidden: Int
  /// The number of random models, of whose errors the median is taken.
  let seeds: Int
  let printsJSON: Bool

  /// One way to use orientations.
  struct Variant {
    let name: String
    let space: Space
    var pose = Pose.fixed
    var bandLimit: Int?
    /// The poses over which a prediction is averaged; nil for the pose of the configuration.
    var poses: Poses?
    /// A point group under which the model must be exactly equivariant.
    var group: PointGroup?

    typealias Space = PONITA<Double>.Configuration.Space
    typealias Pose = PONITA<Double>.Configuration.Pose

    enum Poses {
      /// Random poses, from the Haar measure.
      case random(Int)
      /// The elements of a point group.
      case group(PointGroup)
    }
  }

  static var variants: [Variant] {
    let counts = [6, 8, 12, 16, 20, 32, 48, 64]
    var all = counts.map { Variant(name: "a fixed, repulsion", space: .bundle(.repulsion($0))) }
    let polyhedra: [(SphericalQuadrature.Polyhedron, PointGroup)] = [
      (.octahedron, .oh), (.cube, .oh), (.icosahedron, .ih), (.dodecahedron, .ih),
    ]
    all += polyhedra.map { Variant(name: "b fixed, polyhedron", space: .bundle(.polyhedron($0)), group: $1) }
    all += [48].map { Variant(name: "b fixed, orbits of Oh", space: .bundle(.orbits($0, of: .oh)), group: .oh) }
    all += [8, 16, 32, 64].map { Variant(name: "c principal axes", space: .bundle(.signSymmetric($0)), pose: .principalAxes) }
    all.append(Variant(name: "c' principal axes, repulsion", space: .bundle(.repulsion(16)), pose: .principalAxes))
    all += [5, 7, 9, 11, 13].map { Variant(name: "d band limit 2", space: .bundle(.design(degree: $0)), bandLimit: 2) }
    all += [1, 4, 16].map { Variant(name: "e repulsion, random poses", space: .bundle(.repulsion(16)), poses: .random($0)) }
    all.append(Variant(name: "e repulsion, poses of T", space: .bundle(.repulsion(16)), poses: .group(.t)))
    all.append(Variant(name: "points (PNITA)", space: .points))
    all.append(Variant(name: "oriented points", space: .orientedPoints))
    return all
  }

  func run() {
    let columns = ["variant", "n", "evaluations", "error", "error, Float", "under group", "forward ms", "step ms", "cost"]
    var (rows, reference): ([[String]], Double?) = ([], nil)
    for variant in Self.variants {
      let row = measured(variant)
      if variant.name.hasPrefix("a"), row.orientations == 16 { reference = row.step }
      let cost = reference.map { String(format: "%.2f", row.step / $0) } ?? "-"
      rows.append([
        variant.name, "\(row.orientations)", "\(row.evaluations)", String(format: "%.1e", row.error),
        String(format: "%.1e", row.floatError),
        row.groupError.map { String(format: "%.0e", $0) } ?? "-", String(format: "%.1f", 1e3 * row.forward),
        String(format: "%.1f", 1e3 * row.step), cost,
      ])
      guard printsJSON else { continue }
      Bench.line(
        "equivariance", ["variant": variant.name, "n": row.orientations, "evaluations": row.evaluations],
        [
          "error": row.error, "error_float": row.floatError, "error_group": row.groupError ?? 0, "forward": row.forward, "step": row.step,
          "threads": Threads.count,
        ])
    }
    if !printsJSON { print(table([columns] + rows)) }
  }

  struct Row {
    var (orientations, evaluations) = (1, 1)
    var (error, floatError) = (0.0, 0.0)
    var groupError: Double?
    var (forward, step) = (0.0, 0.0)
  }

  func measured(_ variant: Variant) -> Row {
    var row = Row()
    let small = (Self.input(Double.self, systems: 3), Self.input(Float.self, systems: 3))
    var errors: [(Double, Double, Double?)] = []
    for seed in 1...seeds {
      let model = self.model(variant, small.0, seed: UInt64(seed))
      let single = self.model(variant, small.1, seed: UInt64(seed))
      (row.orientations, row.evaluations) = (model.grid?.count ?? 1, evaluations(variant, model, small.0))
      let group = variant.group.map { group in
        error(
          variant, model, small.0, elements: 0,
          special: group.elements.map {
            RigidMotion(linear: group.orthogonalElement(of: $0), translation: .zero)
          })
      }
      errors.append((error(variant, model, small.0), error(variant, single, small.1), group))
    }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    (row.error, row.floatError) = (median(errors.map(\.0)), median(errors.map(\.1)))
    if variant.group != nil { row.groupError = errors.compactMap(\.2).max() }
    let batch = Self.input(Float.self, systems: 10)
    let model = self.model(variant, batch, seed: 1)
    row.forward = fastest { withoutRecording { _ = predicted(variant, model, batch) } }
    row.step = fastest { _ = valueWithGradient(at: model) { predicted(variant, $0, batch).squared().mean() } }
    return row
  }

  /// Systems of five particles with charges and velocities.
  static func input<S: TensorScalar>(_: S.Type, systems: Int) -> GeometricBatch<S> {
    GeometricBatch(randomParticles(S.self, graphs: systems).0)
  }

  private func model<S: TensorScalar>(_ variant: Variant, _ batch: GeometricBatch<S>, seed: UInt64) -> PONITA<S> {
    var configuration = PONITA<S>.Configuration()
    (configuration.hidden, configuration.layers, configuration.bandLimit) = (hidden, 5, variant.bandLimit)
    // A multiple of 3, for the band limit.
    configuration.basis = hidden / 3 * 3
    switch variant.space {
    case .bundle(let rule): configuration.space = .bundle(rule)
    case .orientedPoints: configuration.space = .orientedPoints
    case .points:
      configuration.space = .points
      (configuration.vectors, configuration.vectorOutputs, configuration.scalarOutputs) = (0, 0, 1)
    }
    configuration.pose = variant.pose == .fixed ? .fixed : .principalAxes
    var generator = RandomSource(seed: seed)
    let model = PONITA<S>(configuration, using: &generator)
    return model.calibrated(on: accepted(batch, by: model))
  }

  /// The batch without vectors for a model on points alone, which takes none.
  private func accepted<S: TensorScalar>(_ batch: GeometricBatch<S>, by model: PONITA<S>) -> GeometricBatch<S> {
    model.configuration.vectors > 0 ? batch : GeometricBatch(positions: batch.positions, scalars: batch.scalars, graph: batch.graph)
  }

  private func frames<S: TensorScalar>(_ poses: Variant.Poses, _ batch: GeometricBatch<S>) -> FrameBatch<S> {
    switch poses {
    case .random(let count):
      var generator = RandomSource(seed: 99)
      return .random(count, for: batch.graph.graphSizes.count, of: .so(3), using: &generator)
    case .group(let group): return batch.frames(ConstantFrame(group))
    }
  }

  /// The predicted vectors, or for a model on points alone scalars, with three components for each point.
  private func predicted<S: TensorScalar>(_ variant: Variant, _ model: PONITA<S>, _ batch: GeometricBatch<S>) -> Tensor<S> {
    let batch = accepted(batch, by: model)
    let output = variant.poses.map { model(batch, in: frames($0, batch)) } ?? model(batch)
    return output.vectors.shape[1] > 0 ? output.vectors : output.scalars
  }

  private func evaluations(_ variant: Variant, _ model: PONITA<Double>, _ batch: GeometricBatch<Double>) -> Int {
    let batch = accepted(batch, by: model)
    return (variant.poses.map { frames($0, batch) } ?? model.frames(of: batch)).map { $0.count / $0.cloudCount } ?? 1
  }

  private func error<S: TensorScalar>(
    _ variant: Variant, _ model: PONITA<S>, _ batch: GeometricBatch<S>, elements: Int = 8, special: [RigidMotion] = []
  ) -> Double {
    var generator = RandomSource(seed: 5)
    let output: Action<RigidMotion, Tensor<S>> = model.configuration.vectors > 0 ? .vectors : .invariant
    return measureEquivariance(
      of: { predicted(variant, model, $0) }, under: E3(), input: .on(\.positions, by: .points).on(\.vectors, by: .vectors), output: output,
      at: [batch], elements: elements, special: special, using: &generator
    ).relativeError
  }

  private func fastest(_ body: () -> Void) -> Double {
    body()
    return (0..<5).map { _ in
      let start = Bench.processorTime
      body()
      return Bench.processorTime - start
    }.min()!
  }
}
