import AtomicStructures
import CKernels
import DifferentiableTensors

extension NequIPPlan {
  /// Of an atom and of an edge, there and back.
  var multiplyAdds: (atom: Int, edge: Int) {
    var atom = 0
    for layer in layers {
      for (term, matrix) in zip(layer.argument.terms, layer.second) {
        if let matrix { atom += 2 * term.dimension * matrix.rows * matrix.columns }
      }
      for (term, matrix) in zip(layer.result.terms, layer.first) { atom += 2 * term.dimension * matrix.rows * matrix.columns }
      for map in layer.own.first ?? [] { atom += 2 * layer.argument.terms[map.output].dimension * map.matrix.rows * map.matrix.columns }
    }
    return (atom, layers.reduce(0) { $0 + $1.convolution.multiplyAdds })
  }

  /// Energies of the atoms in the structure's order, forces and virial.
  func evaluate(_ system: PotentialSystem<Scalar>, memory: inout PotentialMemory<Scalar>, energies: inout [Double]) -> EdgeGradients<Scalar>
  {
    let atoms = system.atomCount
    let tables = eachConcurrently(layers) { LayerTables($0.tables, $0.keys, system, elements: elements) }
    while memory.features.count < 5 * layers.count { memory.features.append(ReusedBlock()) }
    let states = layers.indices.map { t in
      let isLast = t == layers.count - 1
      return NequIPState(
        argument: memory.features[5 * t].pointer(isLast ? 1 : atoms * layers[t].argument.width),
        inverse: memory.features[5 * t + 1].pointer(isLast ? 1 : atoms),
        result: memory.features[5 * t + 2].pointer(isLast ? 1 : atoms * layers[t].result.width),
        gradient: memory.features[5 * t + 3].pointer(isLast ? 1 : atoms * layers[t].result.width),
        sent: memory.features[5 * t + 4].pointer(max(atoms * layers[t].sent.width, 1)))
    }
    let gradients = EdgeGradients(system, &memory)
    let scattered = memory.scatteredRows(system, widths: layers.map { $0.convolution.input.width })
    energies.withUnsafeMutableBufferPointer { energies in
      let pass = NequIPPass(
        plan: self, system: system, states: states, tables: tables, gradients: gradients, scattered: scattered,
        energies: energies.baseAddress)
      pass.run(layers: layers.count, blocks: system.blockCount)
    }
    return gradients
  }
}

/// Features of all atoms that live from one pass to another.
private struct NequIPState<Scalar: TensorScalar>: @unchecked Sendable {
  /// The argument of the gate, and what a norm before it multiplied by.
  let argument: UnsafeMutablePointer<Scalar>
  let inverse: UnsafeMutablePointer<Scalar>
  let result: UnsafeMutablePointer<Scalar>
  let gradient: UnsafeMutablePointer<Scalar>
  let sent: UnsafeMutablePointer<Scalar>
}

/// One evaluation: what each block of atoms does.
private struct NequIPPass<Scalar: TensorScalar>: LayeredPass, @unchecked Sendable {
  let plan: NequIPPlan<Scalar>
  let system: PotentialSystem<Scalar>
  let states: [NequIPState<Scalar>]
  let tables: [LayerTables<Scalar>]
  let gradients: EdgeGradients<Scalar>
  let scattered: [UnsafeMutablePointer<Scalar>]
  let energies: UnsafeMutablePointer<Double>?

  private var type: Int32 { Scalar.kernelType }

  /// The argument of the gate of a block, its norm and the gate: everything but what the next layer sends.
  private func values(
    _ t: Int, _ b: Int, argument: UnsafeMutablePointer<Scalar>, inverse: UnsafeMutablePointer<Scalar>, result: UnsafeMutablePointer<Scalar>
  ) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    let width = layer.argument.width
    if t == 0 {
      tables[t].withEdges(system, b) { ck_convolution_sums(type, layer.convolution.form.pointer, &$0, atoms.count, nil, argument) }
      if let constants = layer.constants {
        for i in atoms { ck_accumulate(type, width, constants[Int(system.species[i])].pointer, argument + (i - atoms.lowerBound) * width) }
      }
    } else {
      let from = layer.convolution.sums
      system.scratch.with(atoms.count * from.width) { sums in
        tables[t].withEdges(system, b) {
          ck_convolution_sums(type, layer.convolution.form.pointer, &$0, atoms.count, states[t - 1].sent, sums)
        }
        for (s, matrix) in layer.second.enumerated() {
          let (source, target) = (from.terms[s], layer.argument.terms[s])
          for m in 0..<target.dimension {
            let y = argument + target.place + m * target.padding
            if let matrix {
              matrix.apply(atoms.count, sums + source.place + m * source.padding, from.width, to: y, width, adding: false)
            } else {
              for i in 0..<atoms.count { ck_fill(type, target.padding, 0, y + i * width) }
            }
          }
        }
      }
      own(t, b) { map, run in
        let input = plan.layers[t - 1].result
        let (source, target) = (input.terms[map.input], layer.argument.terms[map.output])
        for m in 0..<source.dimension {
          map.matrix.apply(
            run.count, states[t - 1].result + run.lowerBound * input.width + source.place + m * source.padding, input.width,
            to: argument + (run.lowerBound - atoms.lowerBound) * width + target.place + m * target.padding, width, adding: true)
        }
      }
    }
    ck_fill(type, atoms.count * layer.result.width, 0, result)
    guard let norm = layer.norm else {
      return ck_gate_values(type, layer.gate.form.pointer, atoms.count, argument, width, result, layer.result.width)
    }
    ck_rms_norm_values(type, norm.form.pointer, atoms.count, width, norm.ones.pointer, argument, inverse)
    system.scratch.with(atoms.count * width) { scaled in
      multiplyRows(atoms.count, width, argument, norm.factors.pointer, to: scaled)
      ck_gate_values(type, layer.gate.form.pointer, atoms.count, scaled, width, result, layer.result.width)
    }
  }

  /// Rows times the same numbers each.
  private func multiplyRows(
    _ rows: Int, _ width: Int, _ x: UnsafeMutablePointer<Scalar>, _ factors: UnsafeMutablePointer<Scalar>,
    to y: UnsafeMutablePointer<Scalar>
  ) {
    ck_binary(type, Int32(CK_MUL), rows, width, x, width, 1, factors, 0, 1, y)
  }

  /// The maps of an atom's own features, with the atoms that each is for.
  private func own(_ t: Int, _ b: Int, _ body: ((input: Int, output: Int, matrix: PlanMatrix<Scalar>), Range<Int>) -> Void) {
    let maps = plan.layers[t].own
    if maps.isEmpty { return }
    if maps.count == 1 {
      for map in maps[0] { body(map, system.block(b)) }
    } else {
      for run in system.order.runs[b] { for map in maps[run.species] { body(map, run.range) } }
    }
  }

  /// A layer that others follow.
  func forward(_ t: Int, _ b: Int) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    let result = states[t].result + atoms.lowerBound * layer.result.width
    values(
      t, b, argument: states[t].argument + atoms.lowerBound * layer.argument.width, inverse: states[t].inverse + atoms.lowerBound,
      result: result)
    let sent = states[t].sent + atoms.lowerBound * layer.sent.width
    for (term, matrix) in zip(layer.result.terms, layer.first) {
      for m in 0..<term.dimension {
        let place = term.place + m * term.padding
        matrix.apply(atoms.count, result + place, layer.result.width, to: sent + place, layer.sent.width, adding: false)
      }
    }
  }

  /// The last layer, the energies, and the way back through it.
  func last(_ b: Int) {
    let (t, atoms) = (plan.layers.count - 1, system.block(b))
    let layer = plan.layers[t]
    system.scratch.with(atoms.count * (layer.argument.width + layer.result.width + 1)) { argument in
      let result = argument + atoms.count * layer.argument.width
      let inverse = result + atoms.count * layer.result.width
      values(t, b, argument: argument, inverse: inverse, result: result)
      readOut(b, result, layer.result.width)
      pullBack(t, b, argument: argument, inverse: inverse, gradient: result)
    }
  }

  /// The energies of a block from the results of the last layer, which become their gradients.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func readOut(_ b: Int, _ result: UnsafeMutablePointer<Scalar>, _ width: Int) {
    let atoms = system.block(b)
    for i in atoms {
      let species = Int(system.species[i])
      let row = result + (i - atoms.lowerBound) * width
      let weights = plan.readout[species]
      var energy = plan.offsets[species]
      for (c, weight) in weights.enumerated() { energy += Double(weight) * Double(row[plan.readoutPlace + c]) }
      for c in 0..<width { row[c] = 0 }
      for (c, weight) in weights.enumerated() { row[plan.readoutPlace + c] = weight }
      energies![i] = energy
    }
  }

  /// From the gradient of a layer's result to those of its edges, of the features before it, and of what was sent in the rows of the block.
  private func pullBack(
    _ t: Int, _ b: Int, argument: UnsafeMutablePointer<Scalar>, inverse: UnsafeMutablePointer<Scalar>,
    gradient: UnsafeMutablePointer<Scalar>
  ) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    let width = layer.argument.width
    system.scratch.with(atoms.count * (width + (t == 0 ? 0 : layer.convolution.sums.width))) { g in
      ck_fill(type, atoms.count * width, 0, g)
      if let norm = layer.norm {
        system.scratch.with(atoms.count * width) { scaled in
          multiplyRows(atoms.count, width, argument, norm.factors.pointer, to: scaled)
          ck_gate_pullback(type, layer.gate.form.pointer, atoms.count, scaled, width, gradient, layer.result.width, g)
          multiplyRows(atoms.count, width, g, norm.factors.pointer, to: scaled)
          g.update(from: scaled, count: atoms.count * width)
        }
        ck_rms_norm_pullback(type, norm.form.pointer, atoms.count, width, norm.ones.pointer, argument, inverse, g)
      } else {
        ck_gate_pullback(type, layer.gate.form.pointer, atoms.count, argument, width, gradient, layer.result.width, g)
      }
      if t == 0 {
        return tables[t].withEdges(system, b) {
          ck_convolution_pullback(
            type, layer.convolution.form.pointer, &$0, atoms.count, nil, g, nil, nil, gradients.slopes, gradients.harmonics)
        }
      }
      pullBackOwn(t, b, g)
      let (from, sums) = (layer.convolution.sums, g + atoms.count * width)
      for (s, matrix) in layer.second.enumerated() {
        guard let matrix else { continue }
        let (source, target) = (from.terms[s], layer.argument.terms[s])
        for m in 0..<target.dimension {
          matrix.pullBack(
            atoms.count, g + target.place + m * target.padding, width, to: sums + source.place + m * source.padding, from.width,
            adding: false)
        }
      }
      let rows = system.blockRows[b]..<system.blockRows[b + 1]
      let sent = layer.convolution.input.width
      ck_fill(type, rows.count * sent, 0, scattered[t % 2] + rows.lowerBound * sent)
      tables[t].withEdges(system, b) {
        ck_convolution_pullback(
          type, layer.convolution.form.pointer, &$0, atoms.count, states[t - 1].sent, sums, system.targets, scattered[t % 2],
          gradients.slopes, gradients.harmonics)
      }
    }
  }

  /// The gradients of the features before a layer, as far as they come from an atom's own.
  private func pullBackOwn(_ t: Int, _ b: Int, _ g: UnsafeMutablePointer<Scalar>) {
    let (input, argument, atoms) = (plan.layers[t - 1].result, plan.layers[t].argument, system.block(b))
    ck_fill(type, atoms.count * input.width, 0, states[t - 1].gradient + atoms.lowerBound * input.width)
    own(t, b) { map, run in
      let (source, target) = (input.terms[map.input], argument.terms[map.output])
      for m in 0..<source.dimension {
        map.matrix.pullBack(
          run.count, g + (run.lowerBound - atoms.lowerBound) * argument.width + target.place + m * target.padding, argument.width,
          to: states[t - 1].gradient + run.lowerBound * input.width + source.place + m * source.padding, input.width, adding: true)
      }
    }
  }

  /// The way back through a layer that others follow.
  func backward(_ t: Int, _ b: Int) {
    let (layer, atoms) = (plan.layers[t], system.block(b))
    let gradient = states[t].gradient + atoms.lowerBound * layer.result.width
    system.scratch.with(atoms.count * layer.sent.width) { sent in
      ck_sum_rows(
        type, atoms.lowerBound, atoms.upperBound, system.rowsFirst, system.rows, layer.sent.width, scattered[(t + 1) % 2],
        sent - atoms.lowerBound * layer.sent.width)
      for (term, matrix) in zip(layer.result.terms, layer.first) {
        for m in 0..<term.dimension {
          let place = term.place + m * term.padding
          matrix.pullBack(atoms.count, sent + place, layer.sent.width, to: gradient + place, layer.result.width, adding: true)
        }
      }
    }
    pullBack(
      t, b, argument: states[t].argument + atoms.lowerBound * layer.argument.width, inverse: states[t].inverse + atoms.lowerBound,
      gradient: gradient)
  }
}
