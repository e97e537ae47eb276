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
  @Test(arguments: [PONITAConfiguration.Task.nodes, .sums, .means])
  func carriedGrid(task: PONITAConfiguration.Task) {
    let model: PONITA<Double> = PONITAClouds.model { $0.task = task }
    // The pooled vectors of symmetric clouds vanish.
    let batches =
      [PONITAClouds.random(Double.self), PONITAClouds.degenerate(Double.self, moving: true)]
      + (task == .nodes ? [PONITAClouds.degenerate(Double.self)] : [])
    for batch in batches {
      let report = Self.error(model, under: E3(), batch, special: E3().specialElements)
      #expect(report.isExact(.network), "\(report)")
    }
  }

  @Test func carriedGridInFloat() {
    let model: PONITA<Float> = PONITAClouds.model()
    for batch in [PONITAClouds.random(Float.self), PONITAClouds.degenerate(Float.self), PONITAClouds.degenerate(Float.self, moving: true)] {
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
    #expect(report.isExact(.network), "\(report)")
    // One of them would not do.
    var generator = RandomSource(seed: 12)
    let broken = measureEquivariance(
      of: { published($0, in: published.frames(of: $0)!.canonical) }, under: E3(), input: PONITAClouds.input(),
      output: PONITAClouds.output(), at: [batch], elements: 10, using: &generator)
    #expect(broken.relativeError > 1e-3, "\(broken)")
  }

  /// Weighted frames, without jumps: elements that differ by signs alone are joined with their weights, and all is exact on clouds with and
  /// without axes.
  @Test func weightedFrames() {
    var generator = RandomSource(seed: 5)
    let model = PONITA<Double>(PONITAClouds.configuration(), degeneracy: .weighted(gap: 1), using: &generator)
    for (batch, isGeneric) in [(PONITAClouds.random(Double.self, sizes: [3, 4]), true), (PONITAClouds.degenerate(Double.self), false)] {
      let whole = batch.frames(PCAFrame(.e(3), degeneracy: .weighted(gap: 1)), rank: 2)
      let merged = model.frames(of: batch)!
      #expect(merged.count > batch.graph.graphSizes.count && merged.count <= whole.count / 2)
      let (all, joined) = (model(batch, in: whole), model(batch))
      #expect((all.vectors - joined.vectors).absolute().max().item < 1e-13)
      #expect((all.tensors - joined.tensors).absolute().max().item < 1e-13)
      let report = Self.error(model, under: E3(), batch, elements: 3, special: isGeneric ? [] : Array(E3().specialElements.prefix(12)))
      #expect(report.isExact(.network), "\(report)")
      // The weights matter.
      let equal = FrameBatch(rotations: merged.rotations, weights: nil, centers: merged.centers, clouds: merged.clouds)
      let change = (model(batch, in: equal).tensors - joined.tensors).absolute().max().item
      #expect(!isGeneric || change > 1e-6)
      // Vectors alone ask for fewer frames, of which tensors of points on a line are not exact averages.
      if !isGeneric {
        let few = batch.frames(PCAFrame(.e(3), degeneracy: .weighted(gap: 1)), rank: 1)
        #expect(few.count < whole.count)
        #expect((model(batch, in: few).tensors - joined.tensors).absolute().max().item > 1e-4)
      }
    }
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
    #expect(exact.isExact(.network), "\(exact)")
    let other = Self.error(model, under: SE3(), batch)
    #expect(other.relativeError > 1e-4, "\(other)")
  }

  /// Points alone, and points with the directions of their edges, need no grid.
  @Test func exactSpaces() {
    let batch = PONITAClouds.random(Double.self)
    let oriented: PONITA<Double> = PONITAClouds.model { $0.space = .orientedPoints }
    for cloud in [batch, PONITAClouds.degenerate(Double.self), PONITAClouds.degenerate(Double.self, moving: true)] {
      let report = Self.error(oriented, under: E3(), cloud)
      #expect(report.isExact(.network), "\(report)")
    }
    #expect(oriented(batch).vectors.absolute().max().item > 1e-3)
    let scalars: PONITA<Double> = PONITAClouds.model { ($0.space, $0.vectors, $0.vectorOutputs, $0.tensorOutputs) = (.points, 0, 0, 0) }
    let report = Self.error(scalars, under: E3(), PONITAClouds.random(Double.self, vectors: 0))
    #expect(report.isExact(.network), "\(report)")
  }

  /// With a band limit the error falls fast with the degree of the grid.
  @Test func bandLimit() {
    let errors = [7, 11, 17, 29].map { degree in
      let model: PONITA<Double> = PONITAClouds.model {
        ($0.space, $0.pose, $0.bandLimit, $0.basis) = (.bundle(.lebedev(degree: degree)), .fixed, 2, 9)
      }
      return Self.error(model, under: E3(), PONITAClouds.random(Double.self, sizes: [4]), elements: 4).relativeError
    }
    #expect(errors[0] < 0.2 && errors[3] < 3e-4, "\(errors)")
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(fine < 0.35 * coarse, "\(errors)") }
  }

  /// Grids that do not integrate products of the harmonics would project to something else.
  @Test func bandLimitNeedsAnExactGrid() async {
    await #expect(processExitsWith: .failure) {
      let _: PONITA<Double> = PONITAClouds.model { ($0.space, $0.bandLimit, $0.basis) = (.bundle(.signSymmetric(16)), 2, 9) }
    }
    await #expect(processExitsWith: .failure) {
      let _: PONITA<Float> = PONITAClouds.model { ($0.space, $0.bandLimit, $0.basis) = (.bundle(.polyhedron(.octahedron)), 2, 9) }
    }
    let _: PONITA<Float> = PONITAClouds.model { ($0.space, $0.bandLimit, $0.basis) = (.bundle(.polyhedron(.icosahedron)), 2, 9) }
  }

  /// Clouds of neighbours side by side are what they are one by one: frames and sums are those of each cloud.
  @Test(arguments: [PONITAConfiguration.Task.nodes, .sums, .means], [[6, 6], [5, 9]])
  func cloudsOneByOne(task: PONITAConfiguration.Task, sizes: [Int]) {
    let model: PONITA<Double> = PONITAClouds.model { $0.task = task }
    let batch = PONITAClouds.random(Double.self, sizes: sizes)
    let isRegular = Set(sizes).count == 1
    let cube = isRegular ? batch.positions.reshaped(sizes.count, sizes[0], 3) : batch.positions
    let graphs = [
      isRegular ? Graph.nearestNeighbors(of: cube, 4) : .nearestNeighbors(of: cube, sizes: sizes, 4),
      isRegular ? Graph.radiusNeighbors(of: cube, 2) : .radiusNeighbors(of: cube, sizes: sizes, 2),
    ]
    for (kind, graph) in graphs.enumerated() {
      var joined = batch
      joined = GeometricBatch(positions: joined.positions, scalars: joined.scalars, vectors: joined.vectors, graph: graph)
      let together = model(joined)
      var (start, parts): (Int, [GeometricOutput<Double>]) = (0, [])
      for size in sizes {
        let rows = start..<start + size
        start += size
        let x = batch.positions.sliced(axis: 0, rows)
        let own = kind == 0 ? Graph.nearestNeighbors(of: x.expandingAxis(0), 4) : .radiusNeighbors(of: x.expandingAxis(0), 2)
        parts.append(
          model(
            GeometricBatch(
              positions: x, scalars: batch.scalars.sliced(axis: 0, rows), vectors: batch.vectors.sliced(axis: 0, rows), graph: own)))
      }
      for path in [\GeometricOutput<Double>.scalars, \.vectors, \.tensors] {
        let alone = Tensor.concatenated(parts.map { $0[keyPath: path] }, axis: 0)
        #expect(together[keyPath: path].shape == alone.shape)
        #expect((together[keyPath: path] - alone).absolute().max().item < 1e-12)
      }
    }
  }

  @Test(arguments: [PONITAConfiguration.Space.bundle(.signSymmetric(8)), .orientedPoints])
  func permutations(space: PONITAConfiguration.Space) {
    let model: PONITA<Double> = PONITAClouds.model { ($0.space, $0.radius) = (space, 3) }
    let batch = PONITAClouds.random(Double.self, sizes: [6])
    var generator = RandomSource(seed: 8)
    let report = measureEquivariance(
      of: model.callAsFunction, under: SymmetricGroup(6),
      input: Action(on: [TensorField("positions", \.positions)]) { $1.relabelled($0.images) },
      output: .on(\.scalars, by: .permutingRows).on(\.vectors, by: .permutingRows), at: [batch], elements: 6, using: &generator)
    #expect(report.isExact(.network), "\(report)")
  }

  /// Frames of SE(3) as orientations: exact under rotations and translations in the frame of the cloud, under the tetrahedral rotations where
  /// the grid is fixed; mirror images are told apart.
  @Test func framesAsOrientations() {
    let batch = PONITAClouds.random(Double.self, sizes: [5])
    let carried: PONITA<Double> = PONITAClouds.model { ($0.space, $0.degree) = (.bundle(.rotations(.t)), 2) }
    #expect(carried.frames(of: batch)!.count == 1)
    for cloud in [batch, PONITAClouds.degenerate(Double.self)] {
      let report = Self.error(carried, under: SE3(), cloud)
      #expect(report.isExact(.network), "\(report)")
    }
    let mirror = RigidMotion(linear: .reflection(normal: SIMD3(1, 2, 3)), translation: .zero)
    #expect(Self.error(carried, under: SE3(), batch, elements: 0, special: [mirror]).relativeError > 1e-4)
    let fixed: PONITA<Double> = PONITAClouds.model { ($0.space, $0.degree, $0.pose) = (.bundle(.rotations(.t)), 2, .fixed) }
    let motions = PointGroup.t.elements.map { RigidMotion(linear: PointGroup.t.orthogonalElement(of: $0), translation: SIMD3(1, 2, 3)) }
    #expect(Self.error(fixed, under: SE3(), batch, elements: 0, special: motions).isExact(.network))
    #expect(Self.error(fixed, under: SE3(), batch).relativeError > 1e-4)
  }

  /// The plane: exact under SE(2) with the carried grid, under 8 turns with a fixed one of 8 directions.
  @Test func plane() {
    let batch = PONITAClouds.random(Double.self, dimension: 2)
    func matrix(_ g: RigidMotion2) -> Tensor<Double> {
      Tensor([g.rotation.cosine, -g.rotation.sine, g.rotation.sine, g.rotation.cosine], shape: [2, 2])
    }
    func turned(_ g: RigidMotion2, _ x: Tensor<Double>) -> Tensor<Double> { .linear(x, weight: matrix(g), bias: nil) }
    func error(_ model: PONITA<Double>, elements: Int, special: [RigidMotion2] = []) -> EquivarianceReport {
      var generator = RandomSource(seed: 9)
      return measureEquivariance(
        of: model.callAsFunction, under: SE2(),
        input: Action(on: [TensorField("positions", \.positions)]) { g, batch in
          var moved = batch
          moved.positions = turned(g, batch.positions) + Tensor([g.translation.x, g.translation.y])
          moved.vectors = turned(g, batch.vectors)
          return moved
        },
        output: Action(on: [
          TensorField("scalars", \.scalars), TensorField("vectors", \.vectors), TensorField("tensors", \.tensors),
        ]) { g, y in
          var moved = y
          moved.vectors = turned(g, y.vectors)
          moved.tensors = turned(g, turned(g, y.tensors).transposed(-1, -2)).transposed(-1, -2)
          return moved
        }, at: [batch], elements: elements, special: special, using: &generator)
    }
    let carried: PONITA<Double> = PONITAClouds.model { $0.space = .bundle(.circle(8)) }
    #expect(carried.frames(of: batch)!.count == 3)
    #expect(error(carried, elements: 6).isExact(.network))
    let fixed: PONITA<Double> = PONITAClouds.model { ($0.space, $0.pose) = (.bundle(.circle(8)), .fixed) }
    let turns = (0..<8).map { RigidMotion2(rotation: Rotation2(angle: .pi / 4 * Double($0)), translation: SIMD2(1, 2)) }
    #expect(error(fixed, elements: 0, special: turns).isExact(.network))
    #expect(error(fixed, elements: 6).relativeError > 1e-5)
  }

  /// Averages over many poses of the published grid come closer to equivariance; a pose given twice is the same prediction.
  @Test func randomPoses() {
    let model: PONITA<Double> = PONITAClouds.model { ($0.space, $0.pose, $0.tensorOutputs) = (.bundle(.repulsion(8)), .fixed, 0) }
    let batch = PONITAClouds.random(Double.self, sizes: [5, 4])
    func error(_ count: Int) -> Double {
      measureEquivariance(
        of: { batch in
          var generator = RandomSource(seed: 10)
          return model(batch, in: .random(count, for: 2, of: .so(3), using: &generator))
        }, under: SE3(), input: PONITAClouds.input(), output: PONITAClouds.output(), at: [batch], elements: 4, using: &generator
      ).relativeError
    }
    var generator = RandomSource(seed: 11)
    let (one, many) = (error(1), error(64))
    #expect(many < one / 3, "\(one), \(many)")
    // Over a finite group the average is exact under its elements.
    let group = PointGroup.t
    let motions = group.elements.map { RigidMotion(linear: group.orthogonalElement(of: $0), translation: .zero) }
    let whole = measureEquivariance(
      of: { model($0, in: $0.frames(ConstantFrame(group))) }, under: SE3(), input: PONITAClouds.input(), output: PONITAClouds.output(),
      at: [batch], elements: 0, special: motions, using: &generator)
    #expect(whole.isExact(.network), "\(whole)")
  }
}
