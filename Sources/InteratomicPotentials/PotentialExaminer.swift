import AtomicStructures
import DifferentiableTensors
import GroupTheory
import MessagePassing
import RealModule

/// The structures and measurements of a ``PotentialExamination``.
struct PotentialExaminer {
  private let potential: any InteratomicPotential
  private let elements: (Int, Int)
  private let step: Double
  /// A length between atoms at which nothing is singular.
  private let bond: Double
  /// The largest force and virial of a molecule without symmetry: rounding leaves as much of them where others vanish.
  private var typical = (force: 1e-3, virial: 1e-3)

  init(_ potential: any InteratomicPotential, elements: (Int, Int), step: Double) throws {
    (self.potential, self.elements, self.step) = (potential, elements, step)
    let radii = covalentRadius(ofAtomicNumber: elements.0) + covalentRadius(ofAtomicNumber: elements.1)
    bond = min(max(1, radii), 0.6 * potential.cutoff)
    let found = try potential.predict(molecule)
    typical = (max(1e-3, largest(found.forces)), max(1e-3, found.virial.map(abs).max()!))
  }

  // MARK: structures

  /// Five atoms without symmetry.
  private var molecule: AtomicStructure {
    let places: [SIMD3<Double>] = [[0, 0, 0], [1, 0.1, -0.05], [-0.2, 0.97, 0.3], [0.15, -0.4, 1.02], [-0.83, -0.58, -0.35]]
    return AtomicStructure(
      atomicNumbers: [elements.0, elements.1, elements.1, elements.0, elements.1], positions: places.map { $0 * bond })
  }

  /// Three atoms in an oblique cell.
  private var crystal: AtomicStructure {
    let a = 1.7 * bond
    let places: [SIMD3<Double>] = [[0.02, 0.03, -0.04], [0.55, 0.47, 0.1], [0.1, 0.52, 0.58]]
    let cell = PeriodicCell(SIMD3(a, 0.1, 0.2), SIMD3(-0.15, 1.1 * a, 0.1), SIMD3(0.3, 0.2, 1.15 * a))
    return AtomicStructure(
      atomicNumbers: [elements.0, elements.1, elements.0],
      positions: places.map { $0.x * cell.vectors[0] + $0.y * cell.vectors[1] + $0.z * cell.vectors[2] }, cell: cell)
  }

  /// One atom in a cubic cell smaller than the cut-off.
  private var smallCell: AtomicStructure {
    let a = min(1.2 * bond, 0.8 * potential.cutoff)
    return AtomicStructure(
      atomicNumbers: [elements.0], positions: [.zero], cell: PeriodicCell(SIMD3(a, 0, 0), SIMD3(0, a, 0), SIMD3(0, 0, a)))
  }

  /// Rock salt, with each atom on a centre of inversion.
  private var rockSalt: AtomicStructure {
    let a = bond
    return AtomicStructure(
      atomicNumbers: [elements.0, elements.1], positions: [.zero, SIMD3(a, 0, 0)],
      cell: PeriodicCell(SIMD3(a, a, 0), SIMD3(0, a, a), SIMD3(a, 0, a)))
  }

  private var line: AtomicStructure {
    AtomicStructure(
      atomicNumbers: [elements.0, elements.1, elements.0], positions: [.zero, SIMD3(0, 0, bond), SIMD3(0, 0, 1.9 * bond)])
  }

  private var ring: AtomicStructure {
    let corners = (0..<6).map { Double($0) * .pi / 3 }
    return AtomicStructure(
      atomicNumbers: corners.map { _ in elements.1 }, positions: corners.map { SIMD3(bond * .cos($0), bond * .sin($0), 0) })
  }

  // MARK: demands

  func error(of demand: PotentialExamination.Demand) throws -> Double {
    switch demand {
    case .forces: return try [molecule, crystal].map(forceError).max()!
    case .virial: return try [molecule, crystal, smallCell].map(virialError).max()!
    case .atomEnergies:
      return try [molecule, crystal].map { structure in
        let found = try potential.predict(structure)
        return abs(found.atomEnergies.reduce(0, +) - found.energy) / max(abs(found.energy), 1e-3)
      }.max()!
    case .netForce:
      return try [molecule, crystal].map { structure in
        let forces = try potential.predict(structure).forces
        return largest([forces.reduce(.zero, +)]) / scale(forces)
      }.max()!
    case .netTorque:
      let forces = try potential.predict(molecule).forces
      return largest([zip(molecule.positions, forces).map(cross).reduce(.zero, +)]) / (bond * scale(forces))
    case .distantCopies:
      let far = SIMD3(3, -4, 5) * potential.cutoff
      let both = AtomicStructure(
        atomicNumbers: molecule.atomicNumbers + molecule.atomicNumbers, positions: molecule.positions + molecule.positions.map { $0 + far })
      return try difference(both, molecule, copies: 2)
    case .supercell:
      let cell = crystal.cell!
      let both = AtomicStructure(
        atomicNumbers: crystal.atomicNumbers + crystal.atomicNumbers,
        positions: crystal.positions + crystal.positions.map { $0 + cell.vectors[1] },
        cell: PeriodicCell(cell.vectors[0], 2 * cell.vectors[1], cell.vectors[2]))
      return try difference(both, crystal, copies: 2)
    case .images:
      let cell = crystal.cell!
      var moved = crystal
      moved.positions[0] += cell.vectors[0] - 2 * cell.vectors[2]
      moved.positions[2] -= 3 * cell.vectors[1]
      moved.cell = PeriodicCell(cell.vectors[0] + cell.vectors[1], cell.vectors[1], cell.vectors[2] - 2 * cell.vectors[0])
      return try difference(moved, crystal)
    case .permutations:
      return try [molecule, crystal].map { structure in
        let order = structure.positions.indices.map { ($0 * 2 + 1) % structure.positions.count }
        var moved = structure
        for (new, old) in order.enumerated() {
          (moved.atomicNumbers[new], moved.positions[new]) = (structure.atomicNumbers[old], structure.positions[old])
        }
        return try difference(moved, structure, order: order)
      }.max()!
    case .rotations: return try rotationError(isReflected: false)
    case .reflections: return try rotationError(isReflected: true)
    case .symmetry: return try symmetryError()
    case .isolatedAtom: return try isolationError()
    case .continuousEnergy: return try jump().energy
    case .continuousForces: return try jump().force
    case .continuousCurvature: return try jump().curvature
    }
  }

  /// Forces against differences of fourth order of the energy.
  private func forceError(_ structure: AtomicStructure) throws -> Double {
    let forces = try potential.predict(structure).forces
    var error = 0.0
    for atom in structure.positions.indices {
      for axis in 0..<3 {
        let slope = try slope { shift in
          var moved = structure
          moved.positions[atom][axis] += shift
          return try potential.predict(moved).energy
        }
        error = max(error, abs(slope + forces[atom][axis]))
      }
    }
    return error / scale(forces)
  }

  /// The virial against differences of the energy by symmetric strains.
  private func virialError(_ structure: AtomicStructure) throws -> Double {
    let virial = try potential.predict(structure).virial
    var error = 0.0
    for a in 0..<3 {
      for b in a..<3 {
        let slope = try slope { shift in
          // x → x + xε with ε_ab = ε_ba, which is half of the shift each where they differ.
          func strained(_ x: SIMD3<Double>) -> SIMD3<Double> {
            var y = x
            y[b] += 0.5 * shift * x[a]
            y[a] += 0.5 * shift * x[b]
            return y
          }
          var moved = structure
          moved.positions = structure.positions.map(strained)
          if let cell = structure.cell {
            let v = cell.vectors.map(strained)
            moved.cell = PeriodicCell(v[0], v[1], v[2], isPeriodic: cell.isPeriodic)
          }
          return try potential.predict(moved).energy
        }
        error = max(error, abs(slope + virial[3 * a + b]), abs(virial[3 * a + b] - virial[3 * b + a]))
      }
    }
    return error / max(virial.map(abs).max()!, typical.virial)
  }

  private func slope(_ f: (Double) throws -> Double) rethrows -> Double {
    let h = step
    return (8 * (try f(h) - f(-h)) - (try f(2 * h) - f(-2 * h))) / (12 * h)
  }

  /// Two structures of one energy by atom: energies, and forces and virial where the second one's are turned by `turn`.
  private func difference(
    _ a: AtomicStructure, _ b: AtomicStructure, copies: Int = 1, order: [Int]? = nil, turn: OrthogonalElement? = nil
  ) throws -> Double {
    let (x, y) = (try potential.predict(a), try potential.predict(b))
    let forces = a.positions.indices.map { i in
      let force = y.forces[order?[i] ?? i % y.forces.count]
      return turn.map { $0 * force } ?? force
    }
    let virial = turn.map { $0.turned(virial: y.virial) } ?? y.virial
    return [
      abs(x.energy - Double(copies) * y.energy) / max(abs(x.energy), 1e-3), largest(zip(x.forces, forces).map { $0 - $1 }) / scale(forces),
      zip(x.virial, virial).map { abs($0 - Double(copies) * $1) }.max()! / max(x.virial.map(abs).max()!, typical.virial),
    ].reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
  }

  private func rotationError(isReflected: Bool) throws -> Double {
    let turn = OrthogonalElement(Rotation3(axis: SIMD3(0.3, -0.7, 0.5), angle: 1.1), isImproper: isReflected)
    return try [molecule, crystal, line, ring, rockSalt].map { structure in
      var moved = structure
      moved.positions = structure.positions.map { turn * $0 }
      if let cell = structure.cell {
        let v = cell.vectors.map { turn * $0 }
        moved.cell = PeriodicCell(v[0], v[1], v[2], isPeriodic: cell.isPeriodic)
      }
      return try difference(moved, structure, turn: turn)
    }.max()!
  }

  private func symmetryError() throws -> Double {
    let salt = try largest(potential.predict(rockSalt).forces) / typical.force
    let cube = try largest(potential.predict(smallCell).forces) / typical.force
    let circle = try potential.predict(ring).forces
    // Radial, and all of one length.
    let radial = zip(circle, ring.positions).map { ($0 * $1).sum() / bond }
    let rest = zip(zip(circle, ring.positions), radial).map { $0.0 - $0.1 * ($1 / bond) }
    let uneven = (radial.max()! - radial.min()!) / scale(circle)
    return [salt, cube, largest(rest) / scale(circle), uneven].reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
  }

  private func isolationError() throws -> Double {
    let here = try potential.predict(AtomicStructure(atomicNumbers: [elements.0], positions: [.zero]))
    let a = 10 * potential.cutoff
    let there = try potential.predict(
      AtomicStructure(
        atomicNumbers: [elements.0], positions: [SIMD3(0.3, -7, 2)], cell: PeriodicCell(SIMD3(a, 0, 0), SIMD3(0, a, 0), SIMD3(0, 0, a))))
    guard here.energy.isFinite else { return .infinity }
    return [
      largest(here.forces), here.virial.map(abs).max()!, abs(here.energy - there.energy) / max(abs(here.energy), 1e-3),
      largest(there.forces),
    ].max()!
  }

  /// How much energy, force and curvature jump where an atom leaves the reach of two others, relative to their largest values within it.
  private func jump() throws -> (energy: Double, force: Double, curvature: Double) {
    let c = potential.cutoff
    func prediction(_ r: Double) throws -> (energy: Double, force: Double) {
      let found = try potential.predict(
        AtomicStructure(
          atomicNumbers: [elements.0, elements.1, elements.1],
          positions: [.zero, SIMD3(-0.4 * bond, 0.9 * bond, 0), SIMD3(r, 0, 0)]))
      return (found.energy, found.forces[2].x)
    }
    let h = max(0.01 * step, 1e-5) * c
    func curvature(_ r: Double) throws -> Double { try abs(prediction(r + h).force - prediction(r - h).force) / (2 * h) }
    let inside = try stride(from: 0.55, to: 0.95, by: 0.1).map { try prediction($0 * c) }
    let (far, before) = (try prediction(1.5 * c), try prediction(c - h))
    let curvatures = try stride(from: 0.55, to: 0.95, by: 0.1).map { try curvature($0 * c) }
    return (
      abs(before.energy - far.energy) / max(inside.map { abs($0.energy - far.energy) }.max()!, 1e-12),
      abs(before.force - far.force) / max(inside.map { abs($0.force) }.max()!, 1e-12),
      // One-sided, so that a jump is not halved.
      abs(before.force - (try prediction(c - 3 * h).force)) / (2 * h) / max(curvatures.max()!, 1e-12)
    )
  }

  private func largest(_ vectors: [SIMD3<Double>]) -> Double {
    vectors.flatMap { [$0.x, $0.y, $0.z] }.reduce(0) { $1.isNaN ? .infinity : max($0, abs($1)) }
  }
  private func scale(_ forces: [SIMD3<Double>]) -> Double { max(largest(forces), typical.force) }
  private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}

extension OrthogonalElement {
  /// R V Rᵀ of a matrix by rows.
  fileprivate func turned(virial v: [Double]) -> [Double] {
    let half = (0..<3).map { self * SIMD3(v[$0], v[3 + $0], v[6 + $0]) }  // the columns of R V
    return (0..<3).flatMap { a in
      let row = self * SIMD3(half[0][a], half[1][a], half[2][a])
      return [row.x, row.y, row.z]
    }
  }
}
