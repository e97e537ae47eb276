import Equivariant
import Foundation
import Testing

/// Energies, forces and their derivatives; what is stored.
struct PONITADerivativeTests {
  static func energyModel(_ space: PONITAConfiguration.Space) -> PONITA<Double> {
    PONITAClouds.model {
      ($0.space, $0.task, $0.radius) = (space, .sums, 4)
      ($0.scalarOutputs, $0.vectorOutputs, $0.tensorOutputs) = (1, 0, 0)
    }
  }

  /// Derivatives run through the principal axes: forces are the gradient of the energy, to second order.
  @Test(arguments: [PONITAConfiguration.Space.bundle(.signSymmetric(8)), .orientedPoints])
  func forces(space: PONITAConfiguration.Space) {
    let model = Self.energyModel(space)
    let batch = PONITAClouds.random(Double.self, sizes: [4, 3])
    func energy(_ positions: Tensor<Double>) -> Tensor<Double> {
      var moved = batch
      moved.positions = positions
      return model(moved).scalars
    }
    var generator = RandomSource(seed: 1)
    let report = checkDerivatives(of: { energy($0[0]) }, at: [batch.positions], order: 2, elements: 7, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
    let rotated = measureGradientEquivariance(
      of: energy, under: E3(), input: .points, output: Action<RigidMotion, Tensor<Double>>.invariant, at: [batch.positions], elements: 0,
      special: [.identity], using: &generator)
    #expect(rotated.relativeError == 0)
  }

  /// The gradient by the parameters of a loss on forces, against differences.
  @Test func forceLoss() {
    let model = Self.energyModel(.bundle(.signSymmetric(8)))
    let batch = PONITAClouds.random(Double.self, sizes: [4])
    func loss(_ model: PONITA<Double>) -> Tensor<Double> {
      var moved = batch
      moved.positions = batch.positions.asVariable()
      let force = gradient(of: model(moved).scalars.sum(), withRespectTo: [moved.positions], keepingGraph: true)[0]
      return force.squared().sum()
    }
    let (_, exact) = valueWithGradient(at: model, loss)
    let parameters = model.namedTensors.filter { $0.role == .parameter }
    for (k, named) in parameters.enumerated() {
      func shifted(_ step: Double) -> Double {
        var moved = model
        moved.forEachTensor { path, _, tensor in
          if path.description == named.path { tensor.withMutableElements { $0[$0.count / 2] += step } }
        }
        return loss(moved).item
      }
      let h = 1e-4
      let difference = (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h)
      let received = exact.tensors[k].elements[exact.tensors[k].count / 2]
      #expect(abs(received - difference) < 1e-7 * max(1, exact.norm), "\(named.path): \(received), \(difference)")
    }
    #expect(exact.norm > 1e-3)
  }

  @Test func parameters() {
    for space in [PONITAConfiguration.Space.bundle(.signSymmetric(8)), .bundle(.rotations(.t)), .orientedPoints] {
      let model: PONITA<Double> = PONITAClouds.model { ($0.space, $0.layerScale) = (space, 0.1) }
      #expect(ParameterAudit(of: model).isClean)
      let batch = PONITAClouds.random(Double.self, sizes: [4])
      let (_, gradient) = valueWithGradient(at: model) { model in
        let y = model(batch)
        return y.scalars.squared().sum() + y.vectors.squared().sum() + y.tensors.squared().sum()
      }
      for (named, g) in zip(model.namedTensors.filter { $0.role == .parameter }, gradient.tensors) {
        #expect(g.absolute().max().item > 0, "\(named.path)")
      }
    }
  }

  @Test func configurationIsStored() throws {
    var configuration = PONITA<Float>.Configuration.published
    #expect(configuration.pose == .fixed && configuration.space == .bundle(.repulsion(16)) && configuration.layerScale == 1e-6)
    configuration.space = .bundle(.orbits(24, of: .th))
    let copy = try JSONDecoder().decode(PONITA<Float>.Configuration.self, from: JSONEncoder().encode(configuration))
    #expect(copy == configuration && copy != PONITA<Float>.Configuration())
  }

  /// A model of another seed with another grid becomes the stored one.
  @Test func checkpoint() throws {
    let change: (inout PONITAConfiguration) -> Void = { $0.space = .bundle(.repulsion(12)) }
    let (stored, batch) = (PONITAClouds.model(Double.self, seed: 1, change), PONITAClouds.random(Double.self))
    var loaded = PONITAClouds.model(Double.self, seed: 2, change)
    #expect((loaded(batch).vectors - stored(batch).vectors).absolute().max().item > 1e-3)
    var file = SafetensorsFile()
    stored.store(in: &file)
    #expect(file.names.contains("grid.axes") && file.names.contains("grid.weights"))
    try loaded.load(from: file)
    #expect(loaded(batch).vectors == stored(batch).vectors && loaded.grid!.axes == stored.grid!.axes)
  }

  @Test func calibration() {
    let model: PONITA<Double> = PONITAClouds.model()
    let batch = PONITAClouds.random(Double.self)
    let calibrated = model.calibrated(on: batch)
    let changed = zip(model.namedTensors, calibrated.namedTensors).filter { $0.tensor != $1.tensor }.map(\.0.path)
    #expect(changed == (0..<2).flatMap { k in ["kernel", "fiber_kernel"].map { "interaction_layers.\(k).conv.\($0).weight" } })
  }
}
