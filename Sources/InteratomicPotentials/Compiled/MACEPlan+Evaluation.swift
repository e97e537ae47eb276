import Foundation
import AtomicStructures
import CKernels
import DifferentiableTensors

extension MACEPlan {
  /// Of an atom and of an edge, there and back.
  var multiplyAdds: (atom: Int, edge: Int) {
    func cost(_ matrices: [PlanMatrix<Scalar>]) -> Int {
      matrices.enumerated().reduce(0) { $0 + 2 * (2 * $1.offset + 1) * $1.element.rows * $1.element.columns }
    }
    var atom = 0
    for layer in layers {
      atom += cost(layer.mixing) + cost(layer.centre?.first ?? []) + layer.argument.terms[0].padding * layer.polynomials.multiplyAdds
      for map in layer.sentMaps { atom += cost(map.matrices[0]) }
    }
    for network in readouts.networks { for map in network.maps { atom += cost(map.matrices[0]) } }
    return (atom, layers.reduce(0) { $0 + $1.convolution.multiplyAdds })
  }

  /// Energies of the atoms in the plan's order, and derivatives by the edges.
  func evaluate(_ system: PotentialSystem<Scalar>, memory: inout PotentialMemory<Scalar>, energies: inout [Double]) -> EdgeGradients<Scalar>
  {
    let atoms = system.atomCount
    let tables = eachConcurrently(layers) { LayerTables($0.tables, $0.keys, system, elements: elements) }
    while memory.features.count < 4 * layers.count { memory.features.append(ReusedBlock()) }
    // The argument of each contraction but the last, results, their gradients, and what is sent to the next layer.
    let states = layers.indices.map { t in
      MACEState(
        argument: memory.features[4 * t].pointer(t + 1 < layers.count ? atoms * layers[t].argument.width : 1),
        result: memory.features[4 * t + 1].pointer(atoms * layers[t].result.width),
        gradient: memory.features[4 * t + 2].pointer(atoms * layers[t].result.width),
        sent: memory.features[4 * t + 3].pointer(atoms * max(layers[t].sent.width, 1)))
    }
    let gradients = EdgeGradients(system, &memory)
    let scattered = memory.scatteredRows(system, widths: layers.map { $0.convolution.input.width })
    energies.withUnsafeMutableBufferPointer { energies in
      let pass = MACEPass(
        plan: self, system: system, states: states, tables: tables, gradients: gradients, scattered: scattered,
        energies: energies.baseAddress)
      pass.run(layers: layers.count, blocks: system.blockCount)
    }
    return gradients
  }
}

/// Features of all atoms that live from one pass to another.
private struct MACEState<Scalar: TensorScalar>: @unchecked Sendable {
  let argument: UnsafeMutablePointer<Scalar>
  let result: UnsafeMutablePointer<Scalar>
  let gradient: UnsafeMutablePointer<Scalar>
  let sent: UnsafeMutablePointer<Scalar>
}

/// One evaluation: what each block of atoms does.
private struct MACEPass<Scalar: TensorScalar>: LayeredPass, @unchecked Sendable {
  let plan: MACEPlan<Scalar>
  let system: PotentialSystem<Scalar>
  let states: [MACEState<Scalar>]
  let tables: [LayerTables<Scalar>]
  let gradients: EdgeGradients<Scalar>
  let scattered: [UnsafeMutablePointer<Scalar>]
  let energies: UnsafeMutablePointer<Double>?

  private var type: Int32 { Scalar.kernelType }

  /// The sums over neighbours of a block.
  private func sums(_ t: Int, _ b: Int, _ body: (UnsafeMutablePointer<Scalar>, inout ck_convolution_edges) -> Void) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    system.scratch.with(atoms.count * layer.convolution.sums.width) { sums in
      tables[t].withEdges(system, b) { edges in body(sums, &edges) }
    }
  }

  /// The argument of the contraction of a block, and its result for all atoms.
  private func contract(_ t: Int, _ b: Int, argument: UnsafeMutablePointer<Scalar>) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    let width = layer.argument.width
    if layer.mixing.isEmpty {
      tables[t].withEdges(system, b) { edges in
        ck_convolution_sums(type, layer.convolution.form.pointer, &edges, atoms.count, nil, argument)
      }
    } else {
      sums(t, b) { sums, edges in
        ck_convolution_sums(type, layer.convolution.form.pointer, &edges, atoms.count, states[t - 1].sent, sums)
        mix(layer, b, sums: sums, argument: argument)
      }
    }
    for run in system.order.runs[b] {
      withRows(run.range, atoms) { rows in
        ck_polynomial_values(
          type, layer.polynomials.form.pointer, rows.count, rows.baseAddress, layer.argument.terms[0].padding,
          layer.coefficients[run.species].pointer, argument, width, states[t].result + atoms.lowerBound * layer.result.width,
          layer.result.width)
      }
    }
  }

  private func withRows(_ range: Range<Int>, _ atoms: Range<Int>, _ body: (UnsafeMutableBufferPointer<Int32>) -> Void) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: range.count) { rows in
      for (k, i) in range.enumerated() { rows[k] = Int32(i - atoms.lowerBound) }
      body(rows)
    }
  }

  private func mix(_ layer: MACEPlanLayer<Scalar>, _ b: Int, sums: UnsafeMutablePointer<Scalar>, argument: UnsafeMutablePointer<Scalar>) {
    guard let centre = layer.centre else { return mixPaths(layer, b, sums: sums, target: argument) }
    system.scratch.with(system.block(b).count * layer.argument.width) { between in
      mixPaths(layer, b, sums: sums, target: between)
      eachCentre(layer, centre, b) { matrix, count, place in
        matrix.apply(count, between + place, layer.argument.width, to: argument + place, layer.argument.width, adding: false)
      }
    }
  }

  private func mixPaths(_ layer: MACEPlanLayer<Scalar>, _ b: Int, sums: UnsafeMutablePointer<Scalar>, target: UnsafeMutablePointer<Scalar>)
  {
    let (from, to) = (layer.convolution.sums, layer.argument)
    for (l, matrix) in layer.mixing.enumerated() {
      for m in 0...2 * l {
        matrix.apply(
          system.block(b).count, sums + from.terms[l].place + m * from.terms[l].padding, from.width,
          to: target + to.terms[l].place + m * to.terms[l].padding, to.width, adding: false)
      }
    }
  }

  /// The maps of the elements at the centre, with the number of rows that each is for, and where they begin.
  private func eachCentre(
    _ layer: MACEPlanLayer<Scalar>, _ centre: [[PlanMatrix<Scalar>]], _ b: Int, _ body: (PlanMatrix<Scalar>, Int, Int) -> Void
  ) {
    let to = layer.argument
    for run in system.order.runs[b] {
      let start = (run.range.lowerBound - system.block(b).lowerBound) * to.width
      for (l, matrix) in centre[run.species].enumerated() {
        for m in 0...2 * l { body(matrix, run.range.count, start + to.terms[l].place + m * to.terms[l].padding) }
      }
    }
  }

  private func unmix(_ layer: MACEPlanLayer<Scalar>, _ b: Int, argument: UnsafeMutablePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>) {
    guard let centre = layer.centre else { return unmixPaths(layer, b, source: argument, sums: sums) }
    system.scratch.with(system.block(b).count * layer.argument.width) { between in
      eachCentre(layer, centre, b) { matrix, count, place in
        matrix.pullBack(count, argument + place, layer.argument.width, to: between + place, layer.argument.width, adding: false)
      }
      unmixPaths(layer, b, source: between, sums: sums)
    }
  }

  private func unmixPaths(
    _ layer: MACEPlanLayer<Scalar>, _ b: Int, source: UnsafeMutablePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>
  ) {
    let (from, to) = (layer.convolution.sums, layer.argument)
    for (l, matrix) in layer.mixing.enumerated() {
      for m in 0...2 * l {
        matrix.pullBack(
          system.block(b).count, source + to.terms[l].place + m * to.terms[l].padding, to.width,
          to: sums + from.terms[l].place + m * from.terms[l].padding, from.width, adding: false)
      }
    }
  }

  /// Applies a linear map to the results of its source, or pulls gradients back to them.
  private func apply(
    _ map: LayerMap<Scalar>, _ b: Int, values: UnsafeMutablePointer<Scalar>, terms: PlanTerms, adding: Bool, backwards: Bool
  ) {
    let atoms = system.block(b)
    let source = plan.layers[map.source].result
    let features = backwards ? states[map.source].gradient : states[map.source].result
    let runs = map.knowsElements ? system.order.runs[b] : [AtomOrder.Run(species: 0, range: atoms)]
    for run in runs {
      for (l, matrix) in map.matrices(run.species).enumerated() {
        for m in 0...2 * l {
          let x = features + run.range.lowerBound * source.width + source.terms[l].place + m * source.terms[l].padding
          let y = values + (run.range.lowerBound - atoms.lowerBound) * terms.width + terms.terms[l].place + m * terms.terms[l].padding
          if backwards {
            matrix.pullBack(run.range.count, y, terms.width, to: x, source.width, adding: true)
          } else {
            matrix.apply(run.range.count, x, source.width, to: y, terms.width, adding: adding)
          }
        }
      }
    }
  }

  /// A layer that others follow.
  func forward(_ t: Int, _ b: Int) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    contract(t, b, argument: states[t].argument + atoms.lowerBound * layer.argument.width)
    let sent = states[t].sent + atoms.lowerBound * layer.sent.width
    // Degrees that no map reaches stay zero.
    ck_fill(type, atoms.count * layer.sent.width, 0, sent)
    if let constants = layer.sentConstants {
      for i in atoms {
        (sent + (i - atoms.lowerBound) * layer.sent.width).update(from: constants[Int(system.species[i])].pointer, count: layer.sent.width)
      }
    }
    for map in layer.sentMaps { apply(map, b, values: sent, terms: layer.sent, adding: true, backwards: false) }
  }

  /// The last layer, the energies, and the way back through it.
  func last(_ b: Int) {
    let (t, atoms) = (plan.layers.count - 1, system.block(b))
    let layer = plan.layers[t]
    for s in plan.layers.indices {
      let width = plan.layers[s].result.width
      ck_fill(type, atoms.count * width, 0, states[s].gradient + atoms.lowerBound * width)
    }
    system.scratch.with(atoms.count * layer.argument.width) { argument in
      contract(t, b, argument: argument)
      readOut(b)
      pullBack(t, b, argument: argument)
    }
  }

  /// The energies of a block; their derivatives by all results are added to the gradients.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func readOut(_ b: Int) {
    let atoms = system.block(b)
    for i in atoms {
      let species = Int(system.species[i])
      var energy = plan.readouts.offsets[species]
      for (s, weights) in plan.readouts.linear.enumerated() {
        let width = plan.layers[s].result.width
        let (x, g) = (states[s].result + i * width, states[s].gradient + i * width)
        weights[species].withUnsafeBufferPointer { weights in
          for c in 0..<weights.count {
            energy += Double(weights[c]) * Double(x[c])
            g[c] += weights[c]
          }
        }
      }
      energies![i] = energy
    }
    for network in plan.readouts.networks {
      let terms = PlanTerms([(0, network.hidden)])
      system.scratch.with(atoms.count * terms.width) { hidden in
        ck_fill(type, atoms.count * terms.width, 0, hidden)
        for map in network.maps { apply(map, b, values: hidden, terms: terms, adding: true, backwards: false) }
        for i in atoms {
          let row = hidden + (i - atoms.lowerBound) * terms.width
          let constants = network.constants[Int(system.species[i])]
          for k in 0..<network.hidden {
            let x = Double(row[k]) + constants[k]
            let sigmoid = 1 / (1 + exp(-x))
            let weight = network.activationConstant * network.weights[k]
            energies![i] += weight * x * sigmoid
            row[k] = Scalar(weight * sigmoid * (1 + x * (1 - sigmoid)))
          }
        }
        for map in network.maps { apply(map, b, values: hidden, terms: terms, adding: true, backwards: true) }
      }
    }
  }

  /// From the gradient of a layer's result to those of its edges, and of what was sent to it in the rows of the block.
  private func pullBack(_ t: Int, _ b: Int, argument: UnsafeMutablePointer<Scalar>) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    system.scratch.with(atoms.count * layer.argument.width) { gradient in
      for run in system.order.runs[b] {
        withRows(run.range, atoms) { rows in
          ck_polynomial_pullback(
            type, layer.polynomials.form.pointer, rows.count, rows.baseAddress, layer.argument.terms[0].padding,
            layer.coefficients[run.species].pointer, argument, layer.argument.width,
            states[t].gradient + atoms.lowerBound * layer.result.width, layer.result.width, gradient, layer.argument.width)
        }
      }
      if layer.mixing.isEmpty {
        return tables[t].withEdges(system, b) { edges in
          ck_convolution_pullback(
            type, layer.convolution.form.pointer, &edges, atoms.count, nil, gradient, nil, nil, gradients.slopes, gradients.harmonics)
        }
      }
      let width = layer.convolution.input.width
      let rows = system.blockRows[b]..<system.blockRows[b + 1]
      ck_fill(type, rows.count * width, 0, scattered[t % 2] + rows.lowerBound * width)
      sums(t, b) { sums, edges in
        unmix(layer, b, argument: gradient, sums: sums)
        ck_convolution_pullback(
          type, layer.convolution.form.pointer, &edges, atoms.count, states[t - 1].sent, sums, system.targets, scattered[t % 2],
          gradients.slopes, gradients.harmonics)
      }
    }
  }

  /// The way back through a layer that others follow.
  func backward(_ t: Int, _ b: Int) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    system.scratch.with(atoms.count * layer.sent.width) { sent in
      ck_sum_rows(
        type, atoms.lowerBound, atoms.upperBound, system.rowsFirst, system.rows, layer.sent.width, scattered[(t + 1) % 2],
        sent - atoms.lowerBound * layer.sent.width)
      for map in layer.sentMaps { apply(map, b, values: sent, terms: layer.sent, adding: true, backwards: true) }
    }
    pullBack(t, b, argument: states[t].argument + atoms.lowerBound * layer.argument.width)
  }
}
