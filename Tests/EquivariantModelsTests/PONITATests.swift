import Equivariant
import Testing

/// Symmetries of PONITA's variants, exact and not.
struct PONITATests {
  typealias Change<S: TensorScalar> = (inout PONITA<S>.Configuration) -> Void

  static func error<S: TensorScalar, G: Group>(
    _ model: PONITA<S>, under group: G, _ batch: GeometricBatch<S>, elements: Int = 6, special: [RigidMotion] = []
  ) -> EquivarianceReport where G.Element == RigidMotion {
    var generator = RandomSource(seed: 7)
    return measureEquivariance(
      of: model.callAsFunction, under: group, input: PONITAClouds.input(), output: PONITAClouds.output(), at: [batch], elements: elements,
      special: special, using: &generator)
  }

  /// The default: the grid goes with the principal axes.
  @Test(arguments: [PONITA<Double>.Configuration.Task.nodes, .sums, .means])
  func carriedGrid(task: PONITA<Double>.Configuration.Task) {
    let model: PONITA<Double> = PONITAClouds.model { $0.task = task }
    // The pooled vectors of symmetric clouds vanish.
    let batches = [PONITAClouds.random(Double.self)] + (task == .nodes ? [PONITAClouds.degenerate(Double.self)] : [])
    for batch in batches {
      let report = Self.error(model, under: E3(), batch, special: E3().specialElements)
      #expect(report.relativeError < 1e-12, "\(report)")
    }
  }

  @Test func carriedGridInFloat() {
    let model: PONITA<Float> = PONITAClouds.model()
    for batch in [PONITAClouds.random(Float.self), PONITAClouds.degenerate(Float.self)] {
      let report = Self.error(model, under: E3(), batch)
      #expect(report.relativeError < 1e-5, "\(report)")
    }
  }

  /// One element of the frame is enough on a generic cloud, and gives what all eight give.
  @Test func oneElementStandsForAll() {
    let model: PONITA<Double> = PONITAClouds.model()
    let batch = PONITAClouds.random(Double.self)
    #expect(model.frames(of: batch)!.count == 3)
    let whole = model(batch, in: batch.frames(PCAFrame(.e(3)), rank: 2))
    #expect((whole.vectors - model(batch).vectors).absolute().max().item < 1e-13)
    #expect((whole.tensors - model(batch).tensors).absolute().max().item < 1e-13)
    // The published grid has no such symmetry: all elements are kept.
    let published: PONITA<Double> = PONITAClouds.model { $0.space = .bundle(.repulsion(16)) }
    #expect(published.frames(of: batch)!.count == 24)
    let report = Self.error(published, under: E3(), batch)
    #expect(report.relativeError < 1e-12, "\(report)")
  }

  /// The published grid, fixed in space: wrong by 0.01 to 1.
  @Test func fixedGridIsInexact() {
    let model: PONITA<Double> = PONITAClouds.model { ($0.space, $0.pose) = (.bundle(.repulsion(16)), .fixed) }
    let report = Self.error(model, under: E3(), PONITAClouds.random(Double.self), elements: 20)
    #expect(report.relativeError > 0.01 && report.relativeError < 1, "\(report)")
  }

  /// Equivariant under the point group of the grid, every element of it, and no more.
  @Test(arguments: [
    (OrientationRule.polyhedron(.octahedron), PointGroup.oh), (.polyhedron(.icosahedron), .ih), (.polyhedron(.dodecahedron), .ih),
    (.orbits(24, of: .th), .th),
  ])
  func fixedGridOfPointGroup(rule: OrientationRule, group: PointGroup) {
    let model: PONITA<Double> = PONITAClouds.model { ($0.space, $0.pose) = (.bundle(rule), .fixed) }
    let batch = PONITAClouds.random(Double.self, sizes: [5])
    let motions = group.elements.map { RigidMotion(linear: group.orthogonalElement(of: $0), translation: SIMD3(1, -2, 0.5)) }
    let exact = Self.error(model, under: SE3(), batch, elements: 0, special: motions)
    #expect(exact.relativeError < 1e-12, "\(exact)")
    let other = Self.error(model, under: SE3(), batch)
    #expect(other.relativeError > 1e-4, "\(other)")
  }

  /// Points alone, and points with the directions of their edges, need no grid.
  @Test func exactSpaces() {
    let batch = PONITAClouds.random(Double.self)
    let oriented: PONITA<Double> = PONITAClouds.model { $0.space = .orientedPoints }
    for cloud in [batch, PONITAClouds.degenerate(Double.self)] {
      let report = Self.error(oriented, under: E3(), cloud)
      #expect(report.relativeError < 1e-12, "\(report)")
    }
    #expect(oriented(batch).vectors.absolute().max().item > 1e-3)
    let scalars: PONITA<Double> = PONITAClouds.model { ($0.space, $0.vectors, $0.vectorOutputs, $0.tensorOutputs) = (.points, 0, 0, 0) }
    let report = Self.error(scalars, under: E3(), PONITAClouds.random(Double.self, vectors: 0))
    #expect(report.relativeError < 1e-12, "\(report)")
  }

  @Test(arguments: [PONITA<Double>.Configuration.Space.bundle(.signSymmetric(8)), .orientedPoints])
  func permutations(space: PONITA<Double>.Configuration.Space) {
    let model: PONITA<Double> = PONITAClouds.model { ($0.space, $0.radius) = (space, 3) }
    let batch = PONITAClouds.random(Double.self, sizes: [6])
    var generator = RandomSource(seed: 8)
    let report = measureEquivariance(
      of: model.callAsFunction, under: SymmetricGroup(6),
      input: Action(on: [TensorField("positions", \.positions)]) { $1.relabelled($0.images) },
      output: .on(\.scalars, by: .permutingRows).on(\.vectors, by: .permutingRows), at: [batch], elements: 6, using: &generator)
    #expect(report.relativeError < 1e-12, "\(report)")
  }
}
